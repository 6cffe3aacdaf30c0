import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useInvitations, useRenewInvitation, useRevokeInvitation } from '../../api/people'
import type { Invitation, InvitationState } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { useRoles } from '../common/roles'
import { ShownOnce } from '../common/ShownOnce'
import { StateBadge } from '../common/StateBadge'
import { Sure } from '../common/Sure'
import { InviteForm } from './InviteForm'

/** Invite somebody, and what has become of the invitations. */
export function Invitations() {
  const { t } = useLingui()
  const invitations = useInvitations(true)
  return (
    <Stack>
      <InviteForm />
      {invitations.isPending && <Skeleton height={200} />}
      {invitations.isError && (
        <ProblemNote
          what={t`The invitations could not be read`}
          cause={invitations.error}
          retry={() => void invitations.refetch()}
        />
      )}
      {invitations.isSuccess && !invitations.items.length && (
        <Empty icon={<IconMail size={40} stroke={1.4} />} title={t`Nobody is invited yet`}>
          <Trans>
            An invitation is a link that you hand over yourself: by mail, in a chat, on paper. Whoever opens it chooses
            a password or a passkey and is in.
          </Trans>
        </Empty>
      )}
      {invitations.items.length > 0 && (
        <Table.ScrollContainer minWidth={680}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Whom`}</Table.Th>
                <Table.Th>{t`Role`}</Table.Th>
                <Table.Th>{t`Invited by`}</Table.Th>
                <Table.Th>{t`State`}</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">{t`What can be done`}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {invitations.items.map((each) => (
                <InvitationRow key={each.id} invitation={each} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {invitations.hasNextPage && (
        <Button
          variant="default"
          loading={invitations.isFetchingNextPage}
          onClick={() => void invitations.fetchNextPage()}
        >
          <Trans>Show more</Trans>
        </Button>
      )}
    </Stack>
  )
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { t } = useLingui()
  const format = useFormat()
  const roles = useRoles()
  const renew = useRenewInvitation()
  const revoke = useRevokeInvitation()
  const isAlive = invitation.state === 'open' || invitation.state === 'expired'
  return (
    <>
      <Table.Tr>
        <Table.Td style={{ overflowWrap: 'anywhere', maxWidth: 300 }}>
          {invitation.name}
          <Text size="xs" className="quiet">
            {invitation.email}
          </Text>
        </Table.Td>
        <Table.Td>{roles[invitation.role].title}</Table.Td>
        <Table.Td style={{ overflowWrap: 'anywhere', maxWidth: 200 }}>
          {invitation.invited_by_name}
          <Text size="xs" className="quiet">
            <Ago at={invitation.created_at} />
          </Text>
        </Table.Td>
        <Table.Td>
          <State state={invitation.state} />
          {invitation.state === 'open' && (
            <Text size="xs" className="quiet">
              <Trans>
                ends <Ago at={invitation.expires_at} />
              </Trans>
            </Text>
          )}
        </Table.Td>
        <Table.Td ta="end">
          {isAlive && (
            <Group gap={4} justify="flex-end" wrap="nowrap">
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t`New link for ${invitation.name}`}
                loading={renew.isPending}
                onClick={() => renew.mutate(invitation.id)}
              >
                <Trans>New link</Trans>
              </Button>
              <Sure
                label={t`Take back the invitation of ${invitation.name}`}
                deed={t`Take it back`}
                busy={revoke.isPending}
                error={revoke.error}
                run={() => revoke.mutate(invitation.id)}
              >{t`Take back`}</Sure>
            </Group>
          )}
          {renew.isError && (
            <Text size="xs" c="var(--bad)" role="alert">
              {renew.error.message}
            </Text>
          )}
        </Table.Td>
      </Table.Tr>
      {renew.data && (
        <Table.Tr>
          <Table.Td colSpan={5}>
            <ShownOnce title={t`Hand this link over yourself: it is not shown again`} secret={renew.data.link}>
              <Trans>The earlier link is void. This one works once, until {format.exact(renew.data.expires_at)}.</Trans>
            </ShownOnce>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  )
}

function State({ state }: { state: InvitationState }) {
  const { t } = useLingui()
  if (state === 'open') return <StateBadge tone="accent">{t`waiting`}</StateBadge>
  if (state === 'accepted') return <StateBadge tone="good">{t`accepted`}</StateBadge>
  if (state === 'expired') return <StateBadge tone="warn">{t`expired`}</StateBadge>
  return <StateBadge tone="plain">{t`taken back`}</StateBadge>
}
