import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useCancelJob } from '../../api/jobs'
import { useJobOf } from '../../api/moving'
import type { Id } from '../../api/types'
import { useFormat } from '../../i18n/format'

/** How far a job is, how fast it goes, and a way to stop it. */
export function JobLine({ id, what }: { id: Id | null; what: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const job = useJobOf(id).data
  const cancel = useCancelJob()
  const total = job?.total ?? null
  const share = job && total ? (job.progress ?? 0) / total : null
  const isStopping = job?.cancel_requested ?? false
  const parts = job && [
    total !== null ? t`${format.number(job.progress ?? 0)} of ${format.number(total)}` : null,
    job.rate_per_s !== null ? t`${format.compact(job.rate_per_s)} a second` : null,
    job.eta ? t`ready ${format.ago(job.eta)}` : null,
  ]
  return (
    <Stack gap={4} mt="xs">
      <Progress value={share === null ? 100 : share * 100} animated={share === null} size="sm" aria-label={what} />
      <Group justify="space-between" gap="xs">
        <Text size="xs" className="quiet" aria-live="polite">
          {!job || job.state === 'queued' ? <Trans>waiting</Trans> : parts?.filter(Boolean).join(' · ')}
        </Text>
        {job && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={isStopping}
            loading={cancel.isPending}
            aria-label={t`Cancel: ${what}`}
            onClick={() => cancel.mutate(job.id)}
          >
            {isStopping ? <Trans>Stopping</Trans> : <Trans>Cancel</Trans>}
          </Button>
        )}
      </Group>
      {cancel.isError && (
        <Text size="xs" c="var(--bad)" role="alert">
          {cancel.error.message}
        </Text>
      )}
    </Stack>
  )
}
