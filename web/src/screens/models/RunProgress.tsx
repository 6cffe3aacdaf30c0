import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { isMoving } from '../../api/following'
import { useCancelJob, useRetryJob } from '../../api/jobs'
import type { PredictionRun } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { JobFaults } from '../common/JobFaults'

/** A model that is asked, or a file that is read: how far it is, what went wrong, and what can be done about it. */
export function RunProgress({ run }: { run: PredictionRun }) {
  const { t } = useLingui()
  const format = useFormat()
  const cancel = useCancelJob()
  const retry = useRetryJob()
  const isOnItsWay = isMoving(run)
  const isStopped = run.state === 'failed' || run.state === 'cancelled'
  const deed = isOnItsWay ? cancel : retry
  const total = run.n_total === null ? null : format.number(run.n_total)
  const done = format.number(run.n_done)
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="quiet" aria-live="polite">
          {run.source === 'file' ? t`“${run.name}”:` : t`Last run:`}{' '}
          {total !== null && t`${done} of ${total} gone through`}
          {total === null && (run.source === 'file' ? t`${done} rows read` : t`waiting to begin`)}
          {', '}
          <Plural value={run.n_predicted} one="# has a prediction" other="# have a prediction" />
        </Text>
        {run.job_id && (isOnItsWay || isStopped) && (
          <Button
            size="compact-xs"
            variant="default"
            loading={deed.isPending}
            onClick={() => deed.mutate(run.job_id as string)}
          >
            {isOnItsWay ? <Trans>Cancel</Trans> : <Trans>Go on where it was</Trans>}
          </Button>
        )}
      </Group>
      {isOnItsWay && (
        <Progress
          value={run.n_total ? (run.n_done / run.n_total) * 100 : 100}
          size="sm"
          animated={!run.n_total}
          aria-label={t`Predictions`}
        />
      )}
      {run.error && (
        <Text size="sm" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
          {run.error}
        </Text>
      )}
      {deed.isError && (
        <Text size="xs" c="var(--bad)" role="alert">
          {deed.error.message}
        </Text>
      )}
      {run.n_faults > 0 && (
        <JobFaults
          path={`/prediction-runs/${run.id}/faults`}
          name={run.name}
          n={run.n_faults}
          title={<Plural value={run.n_faults} one="# thing could not be taken" other="# things could not be taken" />}
        />
      )}
    </Stack>
  )
}
