import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconSearch, IconShieldCheck, IconUserPlus } from '@tabler/icons-react'
import { Link, useSearchParams } from 'react-router'
import { useMembers } from '../../api/people'
import { useMay, useSession } from '../../api/session'
import type { Member } from '../../api/types'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { useRoles } from '../common/roles'
import { StateBadge } from '../common/StateBadge'
import { MemberDrawer } from './MemberDrawer'

/** Everybody who belongs here; a name opens what can be done. */
export function Members() {
  const { t } = useLingui()
  const members = useMembers()
  const mayManage = useMay('people.manage')
  const [search, setSearch] = useSearchParams()
  const typed = search.get('q') ?? ''
  const set = (name: string, value: string | null) =>
    setSearch(
      (now) => {
        value ? now.set(name, value) : now.delete(name)
        return now
      },
      { replace: true },
    )
  const shown = members.items.filter((each) => isMeant(each, typed))
  return (
    <Stack>
      <Group justify="space-between" gap="sm">
        <TextInput
          aria-label={t`Search people by name, address or group`}
          placeholder={t`Name, address or group`}
          leftSection={<IconSearch size={15} />}
          style={{ flex: '1 1 220px' }}
          maw={360}
          value={typed}
          onChange={({ currentTarget }) => set('q', currentTarget.value)}
        />
        {mayManage && (
          <Button component={Link} to="/people?part=invitations" leftSection={<IconUserPlus size={16} />}>
            <Trans>Invite somebody</Trans>
          </Button>
        )}
      </Group>
      {members.isPending && <Skeleton height={320} />}
      {members.isError && (
        <ProblemNote
          what={t`The people could not be read`}
          cause={members.error}
          retry={() => void members.refetch()}
        />
      )}
      {members.isSuccess && !shown.length && (
        <Text size="sm" className="quiet">
          {t`Nobody here has “${typed}” in name, address or group.`}
        </Text>
      )}
      {shown.length > 0 && <MemberTable members={shown} open={(id) => set('member', id)} />}
      {members.hasNextPage && (
        <Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
      <MemberDrawer id={search.get('member')} close={() => set('member', null)} />
    </Stack>
  )
}

function isMeant(member: Member, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  return [member.name, member.email ?? '', ...member.groups.map((group) => group.name)].some((text) =>
    text.toLowerCase().includes(wanted),
  )
}

function MemberTable({ members, open }: { members: Member[]; open: (id: string) => void }) {
  const { t } = useLingui()
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t`Name`}</Table.Th>
            <Table.Th>{t`Role`}</Table.Th>
            <Table.Th>{t`Groups`}</Table.Th>
            <Table.Th>{t`State`}</Table.Th>
            <Table.Th>{t`Last seen`}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <MemberRow key={member.user_id} member={member} open={() => open(member.user_id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function MemberRow({ member, open }: { member: Member; open: () => void }) {
  const { t } = useLingui()
  const roles = useRoles()
  const isMe = useSession().data?.user.id === member.user_id
  return (
    <Table.Tr onClick={open} style={{ cursor: 'pointer' }}>
      <Table.Td style={{ overflowWrap: 'anywhere', maxWidth: 320 }}>
        <Group gap={6}>
          <Anchor component="button" type="button" size="sm" ta="start" style={{ overflowWrap: 'anywhere' }}>
            {member.name}
          </Anchor>
          {isMe && <span className="quiet">{t`(you)`}</span>}
        </Group>
        <Text size="xs" className="quiet">
          {member.email}
        </Text>
      </Table.Td>
      <Table.Td>{roles[member.role].title}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere', maxWidth: 200 }}>
        {member.groups.map((group) => group.name).join(', ') || <span className="quiet">–</span>}
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <MemberState member={member} />
          {member.second_factor && (
            <IconShieldCheck size={16} role="img" aria-label={t`signs in with a second factor`} />
          )}
        </Group>
      </Table.Td>
      <Table.Td>{member.last_used_at ? <Ago at={member.last_used_at} /> : <Trans>never</Trans>}</Table.Td>
    </Table.Tr>
  )
}

function MemberState({ member }: { member: Member }) {
  const { t } = useLingui()
  if (!member.active) return <StateBadge tone="warn">{t`deactivated`}</StateBadge>
  if (member.kind === 'service') return <StateBadge tone="plain">{t`program`}</StateBadge>
  if (member.kind === 'simulated') return <StateBadge tone="plain">{t`simulated`}</StateBadge>
  return <StateBadge tone="good">{t`active`}</StateBadge>
}
