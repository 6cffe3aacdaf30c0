import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useSearchParams } from 'react-router'
import { useAllJobs, useJobCounts } from '../../api/jobs'
import type { JobState } from '../../api/types'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { useTitle } from '../common/useTitle'
import { Chores } from './Chores'
import { JobCard } from './JobCard'

const STATES: (JobState | 'all')[] = ['all', 'failed', 'running', 'queued', 'done', 'cancelled']

/** Work in the background: what failed and waits for a decision first, then what runs, then what is over. */
export function Jobs() {
  const { t } = useLingui()
  useTitle(t`Jobs`)
  const [search, setSearch] = useSearchParams()
  const given = search.get('state') as JobState | null
  const state = given && STATES.includes(given) ? given : 'all'
  const counts = useJobCounts().data
  const titles = {
    all: t`All`,
    failed: withCount(t`Failed`, counts?.failed),
    running: withCount(t`Running`, counts?.running),
    queued: withCount(t`Waiting`, counts?.queued),
    done: t`Done`,
    cancelled: t`Cancelled`,
  }
  return (
    <Stack>
      <div>
        <Title order={1} size="h3">
          <Trans>Jobs</Trans>
        </Title>
        <Text size="sm" className="quiet">
          <Trans>
            Imports, exports, models and all else that takes long. What fails is tried again by itself; what fails for
            good waits here for you.
          </Trans>
        </Text>
      </div>
      <div style={{ overflowX: 'auto' }}>
        <SegmentedControl
          size="xs"
          aria-label={t`State of the jobs`}
          value={state}
          onChange={(next) => setSearch(next === 'all' ? {} : { state: next }, { replace: true })}
          data={STATES.map((value) => ({ value, label: titles[value] }))}
        />
      </div>
      {state === 'all' && <JobList state="failed" isQuietWhenEmpty />}
      <JobList
        key={state}
        state={state === 'all' ? null : state}
        isQuietWhenEmpty={state === 'all' && Boolean(counts?.failed)}
      />
      <Chores />
    </Stack>
  )
}

const withCount = (title: string, n: number | undefined) => (n ? `${title} · ${n}` : title)

function JobList({ state, isQuietWhenEmpty = false }: { state: JobState | null; isQuietWhenEmpty?: boolean }) {
  const { t } = useLingui()
  const jobs = useAllJobs(state)
  // Those that failed stand above already.
  const shown = state === null ? jobs.items.filter((job) => job.state !== 'failed') : jobs.items
  if (jobs.isPending) return isQuietWhenEmpty ? null : <Skeleton height={240} />
  if (jobs.isError)
    return isQuietWhenEmpty ? null : (
      <ProblemNote what={t`The jobs could not be read`} cause={jobs.error} retry={() => void jobs.refetch()} />
    )
  if (!shown.length)
    return isQuietWhenEmpty ? null : (
      <Empty icon={<IconStack2 size={40} stroke={1.4} />} title={t`No job here`}>
        {state === 'failed' ? (
          <Trans>Nothing has failed for good.</Trans>
        ) : (
          <Trans>Import data or make a project: the work behind it appears here.</Trans>
        )}
      </Empty>
    )
  return (
    <Stack gap="xs" component="section" aria-label={state === 'failed' ? t`Failed` : t`Jobs`}>
      {shown.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
      {jobs.hasNextPage && (
        <Group>
          <Button variant="default" loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </Group>
      )}
    </Stack>
  )
}
