import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Drawer, Group, MultiSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { rolesGivenBy, useChangeMember, useGroups, useMember } from '../../api/people'
import { useMay, useSession } from '../../api/session'
import type { Member } from '../../api/types'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { useRoles } from '../common/roles'
import { MemberAccess } from './MemberAccess'
import { RoleChoice } from './RoleChoice'

/** One member: who they are, and what can be changed about it. */
export function MemberDrawer({ id, close }: { id: string | null; close: () => void }) {
  const { t } = useLingui()
  const member = useMember(id)
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      position="right"
      size="md"
      title={member.data?.name ?? t`Member`}
      closeButtonProps={{ 'aria-label': t`Close the panel` }}
      styles={{ title: { fontWeight: 600, overflowWrap: 'anywhere' } }}
    >
      {id !== null && member.isPending && <Skeleton height={320} />}
      {member.isError && (
        <ProblemNote what={t`This member could not be read`} cause={member.error} retry={() => void member.refetch()} />
      )}
      {member.data && <MemberForms key={member.data.user_id} member={member.data} />}
    </Drawer>
  )
}

function MemberForms({ member }: { member: Member }) {
  const session = useSession().data
  const roles = useRoles()
  const mayManage = useMay('people.manage')
  const isMe = session?.user.id === member.user_id
  const isBelow = mayManage && rolesGivenBy(session?.role).includes(member.role)
  return (
    <Stack gap="lg">
      <Text size="sm" className="quiet">
        <Trans>
          Here since <Ago at={member.created_at} />.
        </Trans>
      </Text>
      {(isMe || isBelow) && mayManage ? (
        <MemberForm member={member} isMe={isMe} />
      ) : (
        <div>
          <Text size="sm" fw={600}>
            {roles[member.role].title}
          </Text>
          <Text size="sm" className="quiet">
            {roles[member.role].may}
          </Text>
          {mayManage && (
            <Text size="sm" mt="sm">
              <Trans>You cannot change this member: the role is not below yours.</Trans>
            </Text>
          )}
        </div>
      )}
      {isBelow && !isMe && <MemberAccess member={member} />}
    </Stack>
  )
}

function MemberForm({ member, isMe }: { member: Member; isMe: boolean }) {
  const { t } = useLingui()
  const roles = rolesGivenBy(useSession().data?.role)
  const groups = useGroups()
  const change = useChangeMember(member.user_id)
  const known = member.groups.map((group) => group.id)
  const [name, setName] = useState(member.name)
  const [email, setEmail] = useState(member.email ?? '')
  const [role, setRole] = useState(member.role)
  const [chosen, setChosen] = useState(known)
  const isProgram = member.kind === 'service'
  const changes = {
    ...(name.trim() !== member.name && { name: name.trim() }),
    ...(email.trim() && email.trim() !== (member.email ?? '') && { email: email.trim() }),
    ...(role !== member.role && { role }),
    ...([...chosen].sort().join() !== [...known].sort().join() && { group_ids: chosen }),
  }
  const isChanged = Object.keys(changes).length > 0
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate(changes)
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t`Name`}
          value={name}
          maxLength={100}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {!isProgram && !isMe && (
          <TextInput
            label={t`E-mail`}
            type="email"
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
        )}
        <MultiSelect
          label={t`Groups`}
          data={groups.items.map((group) => ({ value: group.id, label: group.name }))}
          value={chosen}
          onChange={setChosen}
          placeholder={chosen.length ? undefined : t`none`}
          nothingFoundMessage={t`No group has this name.`}
          searchable
        />
        {isMe ? (
          <Text size="sm" className="quiet">
            <Trans>Nobody changes their own role: ask another owner or admin.</Trans>
          </Text>
        ) : (
          <>
            <RoleChoice
              roles={roles.filter((each) => (each === 'service') === isProgram)}
              value={role}
              onChange={setRole}
            />
            {role !== member.role && (
              <Text size="sm" c="var(--warn)">
                {t`A new role signs ${member.name} out; what they are labelling goes back to the others.`}
              </Text>
            )}
          </>
        )}
        {change.isError && <ProblemNote what={t`Nothing was changed`} cause={change.error} />}
        <Group gap="sm">
          <Button type="submit" disabled={!isChanged || !name.trim()} loading={change.isPending}>
            <Trans>Save</Trans>
          </Button>
          {change.isSuccess && !isChanged && (
            <Text size="sm" c="var(--good)" role="status">
              <Trans>Saved</Trans>
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  )
}
