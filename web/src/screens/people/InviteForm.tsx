import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../api/client'
import { rolesGivenBy, useGroups, useInvite, useRenewInvitation } from '../../api/people'
import { useSession } from '../../api/session'
import type { MadeInvitation, Role } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { ShownOnce } from '../common/ShownOnce'
import { RoleChoice } from './RoleChoice'

/** Most people who are invited label; programs are not invited, they get keys. */
const BY_NEED: Role[] = ['annotator', 'reviewer', 'manager', 'auditor', 'admin', 'owner']

/** Whom to invite, and as what. The link is shown once, because the server keeps only its hash. */
export function InviteForm() {
  const { t } = useLingui()
  const givable = rolesGivenBy(useSession().data?.role)
  const groups = useGroups()
  const invite = useInvite()
  const renew = useRenewInvitation()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('annotator')
  const [chosen, setChosen] = useState<string[]>([])
  const [days, setDays] = useState('7')
  const made = renew.data ?? invite.data
  const send = () => {
    renew.reset()
    invite.mutate(
      { name: name.trim(), email: email.trim(), role, group_ids: chosen, days: Number(days) },
      {
        onSuccess: () => {
          setName('')
          setEmail('')
        },
      },
    )
  }
  return (
    <Section title={t`Invite somebody`} about={t`You get a link to hand over; Karat sends no mail.`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Stack gap="sm">
          <Group gap="sm" align="flex-start">
            <TextInput
              label={t`Name`}
              value={name}
              maxLength={100}
              style={{ flex: '1 1 200px' }}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <TextInput
              label={t`E-mail`}
              type="email"
              value={email}
              style={{ flex: '1 1 220px' }}
              onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            />
          </Group>
          <RoleChoice roles={BY_NEED.filter((role) => givable.includes(role))} value={role} onChange={setRole} />
          <Group gap="sm" align="flex-start">
            {groups.items.length > 0 && (
              <MultiSelect
                label={t`Groups`}
                style={{ flex: '1 1 220px' }}
                data={groups.items.map((group) => ({ value: group.id, label: group.name }))}
                value={chosen}
                onChange={setChosen}
                placeholder={chosen.length ? undefined : t`none`}
                searchable
              />
            )}
            <Select
              label={t`The link works for`}
              w={160}
              data={[
                { value: '1', label: t`1 day` },
                { value: '7', label: t`7 days` },
                { value: '30', label: t`30 days` },
                { value: '60', label: t`60 days` },
              ]}
              value={days}
              allowDeselect={false}
              onChange={(value) => setDays(value ?? '7')}
            />
          </Group>
          <Button type="submit" w="fit-content" disabled={!name.trim() || !email.trim()} loading={invite.isPending}>
            <Trans>Make the invitation</Trans>
          </Button>
        </Stack>
      </form>
      {invite.isError && !renew.data && (
        <ProblemNote
          what={t`Nobody was invited`}
          cause={invite.error}
          next={<AnewInstead cause={invite.error} renew={(id) => renew.mutate(id)} />}
        />
      )}
      {renew.isError && <ProblemNote what={t`No new link was made`} cause={renew.error} />}
      {made && <Made invitation={made} />}
    </Section>
  )
}

/** The address has an invitation already: its link can be made anew. */
function AnewInstead({ cause, renew }: { cause: Error; renew: (id: string) => void }) {
  const id = cause instanceof Problem && cause.code === 'invitation.open' ? cause.data.invitation_id : null
  if (!id) return null
  return (
    <Button variant="default" size="xs" w="fit-content" onClick={() => renew(String(id))}>
      <Trans>Make a new link for it</Trans>
    </Button>
  )
}

function Made({ invitation }: { invitation: MadeInvitation }) {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <ShownOnce title={t`Hand this link to ${invitation.name}: it is not shown again`} secret={invitation.link}>
      <Text span size="sm">
        <Trans>It works once, until {format.exact(invitation.expires_at)}.</Trans>
      </Text>
    </ShownOnce>
  )
}
