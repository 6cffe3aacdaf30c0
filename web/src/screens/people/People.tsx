import { Trans, useLingui } from '@lingui/react/macro'
import { Stack, Tabs, Text, Title } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { useMay } from '../../api/session'
import { useTitle } from '../common/useTitle'
import { Groups } from './Groups'
import { Invitations } from './Invitations'
import { Members } from './Members'

/** Who belongs to the organisation, who is invited, and who is meant together. */
export function People() {
  const { t } = useLingui()
  useTitle(t`People`)
  const mayManage = useMay('people.manage')
  const [search, setSearch] = useSearchParams()
  const part = search.get('part') ?? 'members'
  return (
    <Stack>
      <div>
        <Title order={1} size="h3">
          <Trans>People</Trans>
        </Title>
        <Text size="sm" className="quiet">
          <Trans>Everybody here belongs to your organisation; nobody outside it sees its data.</Trans>
        </Text>
      </div>
      <Tabs
        value={part}
        onChange={(next) => setSearch(next && next !== 'members' ? { part: next } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="members">
            <Trans>Members</Trans>
          </Tabs.Tab>
          {mayManage && (
            <Tabs.Tab value="invitations">
              <Trans>Invitations</Trans>
            </Tabs.Tab>
          )}
          <Tabs.Tab value="groups">
            <Trans>Groups</Trans>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="members">
          <Members />
        </Tabs.Panel>
        {mayManage && (
          <Tabs.Panel value="invitations">
            <Invitations />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="groups">
          <Groups />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
