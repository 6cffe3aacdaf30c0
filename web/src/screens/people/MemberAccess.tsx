import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useChangeMember, useMakeResetLink, useSignMemberOut } from '../../api/people'
import type { Member } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { ShownOnce } from '../common/ShownOnce'
import { Sure } from '../common/Sure'

/** Let a member back in, sign them out, or take them off the list of those who may come in. */
export function MemberAccess({ member }: { member: Member }) {
  const { t } = useLingui()
  const change = useChangeMember(member.user_id)
  const signOut = useSignMemberOut(member.user_id)
  const isPerson = member.kind === 'person'
  return (
    <Stack gap="sm" component="section" aria-label={t`Access`}>
      <Title order={3} size="h6">
        <Trans>Access</Trans>
      </Title>
      {isPerson && member.active && (
        <>
          <ResetLink member={member} />
          <Group justify="space-between" gap="sm" wrap="nowrap">
            <Text size="sm">{t`Sign ${member.name} out of every browser.`}</Text>
            <Button
              size="compact-xs"
              variant="default"
              style={{ flex: 'none' }}
              loading={signOut.isPending}
              onClick={() => signOut.mutate(undefined)}
            >
              {signOut.isSuccess ? <Trans>Signed out</Trans> : <Trans>Sign out</Trans>}
            </Button>
          </Group>
          {signOut.isError && <ProblemNote what={t`Nobody was signed out`} cause={signOut.error} />}
        </>
      )}
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
        <Text size="sm">
          {member.active ? (
            <Trans>Deactivate: no more signing in, keys are revoked, open tasks go back. Their work stays.</Trans>
          ) : (
            <Trans>Deactivated: cannot sign in. Keys that were revoked stay revoked.</Trans>
          )}
        </Text>
        {member.active ? (
          <Sure
            label={t`Deactivate ${member.name}`}
            deed={t`Deactivate now`}
            busy={change.isPending}
            run={() => change.mutate({ active: false })}
          >{t`Deactivate`}</Sure>
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            loading={change.isPending}
            style={{ flex: 'none' }}
            onClick={() => change.mutate({ active: true })}
          >
            <Trans>Activate</Trans>
          </Button>
        )}
      </Group>
      {change.isError && <ProblemNote what={t`Nothing was changed`} cause={change.error} />}
    </Stack>
  )
}

function ResetLink({ member }: { member: Member }) {
  const { t } = useLingui()
  const format = useFormat()
  const make = useMakeResetLink(member.user_id)
  const [clears, setClears] = useState(false)
  return (
    <>
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
        <Stack gap={6}>
          <Text size="sm">
            <Trans>A link to set a new password, for whoever has forgotten theirs.</Trans>
          </Text>
          {member.second_factor && (
            <Checkbox
              size="xs"
              label={t`The device is lost too: take away app and passkeys`}
              checked={clears}
              onChange={({ currentTarget }) => setClears(currentTarget.checked)}
            />
          )}
        </Stack>
        <Button
          size="compact-xs"
          variant="default"
          style={{ flex: 'none' }}
          loading={make.isPending}
          onClick={() => make.mutate(clears)}
        >
          <Trans>Make a link</Trans>
        </Button>
      </Group>
      {make.isError && <ProblemNote what={t`No link was made`} cause={make.error} />}
      {make.data && (
        <ShownOnce title={t`Hand this link over yourself: it is not shown again`} secret={make.data.link}>
          <Trans>It works once, until {format.exact(make.data.expires_at)}.</Trans>
        </ShownOnce>
      )}
    </>
  )
}
