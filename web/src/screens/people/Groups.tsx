import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useDeleteGroup, useGroups, useMakeGroup, useRenameGroup } from '../../api/people'
import { useMay } from '../../api/session'
import type { Group as GroupOfPeople } from '../../api/types'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Sure } from '../common/Sure'

/** People who are meant together. */
export function Groups() {
  const { t } = useLingui()
  const groups = useGroups()
  const mayManage = useMay('people.manage')
  return (
    <Stack maw={720}>
      {mayManage && <NewGroup />}
      {groups.isPending && <Skeleton height={160} />}
      {groups.isError && (
        <ProblemNote what={t`The groups could not be read`} cause={groups.error} retry={() => void groups.refetch()} />
      )}
      {groups.isSuccess && !groups.items.length && (
        <Empty icon={<IconUsersGroup size={40} stroke={1.4} />} title={t`No group yet`}>
          <Trans>
            A group names people who belong together, like “radiologists” or “night shift”. Make one, then put people
            into it from the list of members.
          </Trans>
        </Empty>
      )}
      {groups.items.map((group) => (
        <GroupRow key={group.id} group={group} mayManage={mayManage} />
      ))}
    </Stack>
  )
}

function NewGroup() {
  const { t } = useLingui()
  const make = useMakeGroup()
  const [name, setName] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate(name.trim(), { onSuccess: () => setName('') })
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t`Name of a new group`}
          value={name}
          maxLength={100}
          style={{ flex: '1 1 200px' }}
          maw={360}
          error={make.error?.message}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" disabled={!name.trim()} loading={make.isPending}>
          <Trans>Make a group</Trans>
        </Button>
      </Group>
    </form>
  )
}

function GroupRow({ group, mayManage }: { group: GroupOfPeople; mayManage: boolean }) {
  const { t } = useLingui()
  const rename = useRenameGroup(group.id)
  const remove = useDeleteGroup(group.id)
  const [name, setName] = useState(group.name)
  const isRenamed = name.trim() !== '' && name.trim() !== group.name
  return (
    <Panel p="sm">
      <Group justify="space-between" gap="sm">
        {mayManage ? (
          <form
            style={{ flex: '1 1 200px' }}
            onSubmit={(event) => {
              event.preventDefault()
              rename.mutate(name.trim())
            }}
          >
            <Group gap="xs">
              <TextInput
                aria-label={t`Name of the group ${group.name}`}
                size="xs"
                value={name}
                maxLength={100}
                style={{ flex: '1 1 160px' }}
                maw={320}
                error={rename.error?.message}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              {isRenamed && (
                <Button type="submit" size="compact-xs" loading={rename.isPending}>
                  <Trans>Rename</Trans>
                </Button>
              )}
            </Group>
          </form>
        ) : (
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {group.name}
          </Text>
        )}
        <Group gap="sm">
          <Anchor component={Link} size="sm" to={`/people?q=${encodeURIComponent(group.name)}`}>
            <Plural value={group.n_members} _0="nobody in it" one="# member" other="# members" />
          </Anchor>
          {mayManage && (
            <Sure
              label={t`Delete the group ${group.name}`}
              deed={t`Delete; its members stay`}
              busy={remove.isPending}
              error={remove.error}
              run={() => remove.mutate(undefined)}
            >{t`Delete`}</Sure>
          )}
        </Group>
      </Group>
    </Panel>
  )
}
