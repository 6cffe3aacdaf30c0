import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Code, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useAudit } from '../../api/queries'
import type { AuditEntry } from '../../api/types'
import { Ago } from '../common/Ago'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { StateBadge } from '../common/StateBadge'
import { useTitle } from '../common/useTitle'

/** Who did what, newest first; sealed entries are part of the hash chain. */
export function Audit() {
  const { t } = useLingui()
  useTitle(t`Audit`)
  const audit = useAudit()
  return (
    <Stack>
      <Title order={1} size="h3">
        <Trans>Audit</Trans>
      </Title>
      <Text size="sm" className="quiet">
        <Trans>
          Entries are sealed into a chain of hashes: <Code>karat audit verify</Code> finds any row that was changed
          afterwards.
        </Trans>
      </Text>
      {audit.isPending && <Skeleton height={320} />}
      {audit.isError && (
        <ProblemNote what={t`The audit could not be read`} cause={audit.error} retry={() => void audit.refetch()} />
      )}
      {audit.isSuccess && audit.items.length === 0 && (
        <Empty icon={<IconListDetails size={40} stroke={1.4} />} title={t`Nothing recorded yet`}>
          <Trans>What people and keys do here is recorded from the first act on.</Trans>
        </Empty>
      )}
      {audit.items.length > 0 && <Entries entries={audit.items} />}
      {audit.hasNextPage && (
        <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Stack>
  )
}

function Entries({ entries }: { entries: AuditEntry[] }) {
  const { t } = useLingui()
  return (
    <Panel p={0}>
      <Table.ScrollContainer minWidth={620}>
        <Table verticalSpacing={6} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`When`}</Table.Th>
              <Table.Th>{t`Who`}</Table.Th>
              <Table.Th>{t`What`}</Table.Th>
              <Table.Th>{t`On`}</Table.Th>
              <Table.Th>{t`Chain`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <Ago at={entry.at} />
                </Table.Td>
                <Table.Td>{entry.actor_name ?? 'Karat'}</Table.Td>
                <Table.Td>
                  <Text size="sm" ff="monospace" title={JSON.stringify(entry.data)}>
                    {entry.action}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="xs" ff="monospace" className="quiet" truncate maw={280}>
                    {entry.subject}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StateBadge tone={entry.sealed ? 'good' : 'plain'}>
                    {entry.sealed ? t`sealed` : t`waiting`}
                  </StateBadge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}
