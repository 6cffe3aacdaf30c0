import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { isMoving } from '../../api/following'
import { useCancelJob, useRetryJob } from '../../api/jobs'
import { useMay } from '../../api/session'
import type { Job, JobState } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { Panel } from '../common/Panel'
import { StateBadge } from '../common/StateBadge'

/** One job: what it is, how far, how fast, what went wrong last, and what can be done about it. */
export function JobCard({ job }: { job: Job }) {
  const { t } = useLingui()
  const share = job.total ? (job.progress ?? 0) / job.total : null
  return (
    <Panel p="sm" data-job={job.name}>
      <Stack gap={6}>
        <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
          <Group gap="xs" miw={0}>
            <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {job.title}
            </Text>
            <State state={job.state} isStopping={job.cancel_requested && isMoving(job)} />
          </Group>
          <Deeds job={job} />
        </Group>
        {isMoving(job) && share !== null && (
          <Progress value={share * 100} size="sm" aria-label={t`Progress: ${job.title}`} />
        )}
        <Figures job={job} />
        {job.message && (
          <Text size="sm" className="quiet" style={{ overflowWrap: 'anywhere' }}>
            {job.message}
          </Text>
        )}
        {job.error && (
          <Text size="sm" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
            {job.state === 'failed' ? t`Failed: ${job.error}` : t`Went wrong before: ${job.error}`}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

function Figures({ job }: { job: Job }) {
  const { t } = useLingui()
  const format = useFormat()
  const done = format.number(job.progress ?? 0)
  const parts = [
    job.total !== null ? t`${done} of ${format.number(job.total)}` : job.progress ? done : null,
    isMoving(job) && job.rate_per_s !== null ? t`${format.compact(job.rate_per_s)} a second` : null,
    isMoving(job) && job.eta ? t`ready ${format.ago(job.eta)}` : null,
    job.attempts > 1 ? t`attempt ${job.attempts}` : null,
    job.retries > 0 ? t`tried again by hand: ${job.retries}` : null,
    job.next_attempt_at && isMoving(job) ? t`next attempt ${format.ago(job.next_attempt_at)}` : null,
  ].filter(Boolean)
  return (
    <Text size="xs" className="quiet">
      {parts.length > 0 && `${parts.join(' · ')} · `}
      {job.finished_at ? (
        <Trans>
          ended <Ago at={job.finished_at} />
        </Trans>
      ) : (
        <Trans>
          asked for <Ago at={job.created_at} />
        </Trans>
      )}
    </Text>
  )
}

function State({ state, isStopping }: { state: JobState; isStopping: boolean }) {
  const { t } = useLingui()
  if (isStopping) return <StateBadge tone="warn">{t`stopping`}</StateBadge>
  if (state === 'failed') return <StateBadge tone="warn">{t`failed`}</StateBadge>
  if (state === 'running') return <StateBadge tone="accent">{t`running`}</StateBadge>
  if (state === 'queued') return <StateBadge tone="plain">{t`waiting`}</StateBadge>
  if (state === 'cancelled') return <StateBadge tone="plain">{t`cancelled`}</StateBadge>
  return <StateBadge tone="good">{t`done`}</StateBadge>
}

function Deeds({ job }: { job: Job }) {
  const { t } = useLingui()
  const may = useMay('work.manage')
  const cancel = useCancelJob()
  const retry = useRetryJob()
  const error = cancel.error ?? retry.error
  if (!may) return null
  return (
    <Stack gap={2} align="flex-end" style={{ flex: 'none' }}>
      {isMoving(job) && !job.cancel_requested && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t`Cancel: ${job.title}`}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(job.id)}
        >
          <Trans>Cancel</Trans>
        </Button>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <Button
          size="compact-xs"
          variant={job.state === 'failed' ? 'filled' : 'default'}
          aria-label={t`Try again: ${job.title}`}
          loading={retry.isPending}
          onClick={() => retry.mutate(job.id)}
        >
          <Trans>Try again</Trans>
        </Button>
      )}
      {error && (
        <Text size="xs" c="var(--bad)" role="alert">
          {error.message}
        </Text>
      )}
    </Stack>
  )
}
