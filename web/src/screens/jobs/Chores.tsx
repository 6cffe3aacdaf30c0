import { Trans, useLingui } from '@lingui/react/macro'
import { Skeleton, Table, Text } from '@mantine/core'
import { useChores } from '../../api/jobs'
import type { ChoreStatus } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { Said } from '../common/Said'
import { Section } from '../common/Section'

/** What comes round by itself, and how its last round went. */
export function Chores() {
  const { t } = useLingui()
  const chores = useChores()
  return (
    <Section
      title={t`What comes round by itself`}
      about={t`The server does these for your organisation every few seconds or minutes.`}
    >
      {chores.isPending && <Skeleton height={120} />}
      {chores.isError && (
        <ProblemNote what={t`The rounds could not be read`} cause={chores.error} retry={() => void chores.refetch()} />
      )}
      {chores.data?.items.length === 0 && (
        <Text size="sm" className="quiet">
          <Trans>No round has been made yet.</Trans>
        </Text>
      )}
      {(chores.data?.items.length ?? 0) > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`What`}</Table.Th>
                <Table.Th>{t`Every`}</Table.Th>
                <Table.Th>{t`Last round`}</Table.Th>
                <Table.Th>{t`Next round`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {chores.data?.items.map((chore) => (
                <ChoreRow key={chore.name} chore={chore} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  )
}

/** A round that is this much overdue is held up, or no server runs. */
const LATE_MS = 120_000

function ChoreRow({ chore }: { chore: ChoreStatus }) {
  const { t } = useLingui()
  const format = useFormat()
  const titles = useTitles()
  const isLate = Date.now() - new Date(chore.next_run_at).getTime() > LATE_MS
  return (
    <Table.Tr>
      <Table.Td>
        {titles[chore.name] ?? chore.name}
        {chore.failures_in_a_row > 0 && chore.error && (
          <Text size="xs" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
            {chore.failures_in_a_row === 1
              ? t`The last round failed: ${chore.error}`
              : t`${chore.failures_in_a_row} rounds in a row failed, the last with: ${chore.error}`}
          </Text>
        )}
        {chore.failures_in_a_row === 0 && chore.error && chore.error_at && (
          <Text size="xs" className="quiet" style={{ overflowWrap: 'anywhere' }}>
            <Trans>
              good again; <Ago at={chore.error_at} /> it failed with: <Said text={chore.error} />
            </Trans>
          </Text>
        )}
      </Table.Td>
      <Table.Td>{format.seconds(chore.every_s)}</Table.Td>
      <Table.Td>
        <Ago at={chore.last_run_at} />
      </Table.Td>
      <Table.Td>
        {isLate ? (
          <Text size="sm" c="var(--warn)" span>
            <Trans>
              overdue since <Ago at={chore.next_run_at} />
            </Trans>
          </Text>
        ) : (
          <Ago at={chore.next_run_at} />
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function useTitles(): Record<string, string> {
  const { t } = useLingui()
  return {
    'tasks.expire_leases': t`Give tasks to others when their time has run out`,
    'quality.look_again': t`Look whether a project can go on`,
    'datasets.clear_uploads': t`Delete uploaded files that no import needs any more`,
    'delivery.clear_archives': t`Delete uploaded project archives that no import needs any more`,
    'jobs.recover': t`Queue jobs again that have lost their place in the queue`,
    'access.tidy': t`Forget expired sessions, links and counted attempts`,
    'audit.seal': t`Seal the audit into its chain`,
  }
}
