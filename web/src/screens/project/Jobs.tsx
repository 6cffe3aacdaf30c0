import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { isMoving } from '../../api/following'
import { useCancelJob } from '../../api/jobs'
import { useJobs } from '../../api/queries'
import type { Job } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Panel } from '../common/Panel'

/** Work in the background that is long or in trouble; what runs and ends in a moment is not worth a line. */
export function Jobs({ projectId }: { projectId: string }) {
  const jobs = useJobs(projectId).items.filter(isWorthALine)
  if (!jobs.length) return null
  return (
    <Panel>
      <Text fw={600} size="sm" mb={4}>
        <Trans>In the background</Trans>
      </Text>
      <Stack gap="xs">
        {jobs.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </Stack>
    </Panel>
  )
}

const isWorthALine = (job: Job) =>
  job.state === 'failed' || (isMoving(job) && (job.error !== null || job.total !== null))

function JobLine({ job }: { job: Job }) {
  const { t } = useLingui()
  const format = useFormat()
  const cancel = useCancelJob()
  const share = job.total ? (job.progress ?? 0) / job.total : null
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {job.title} {share !== null && <span className="quiet">{format.percent(share, 0)}</span>}
        </Text>
        {isMoving(job) && (
          <Button size="compact-xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
            <Trans>Cancel</Trans>
          </Button>
        )}
      </Group>
      {share !== null && <Progress value={share * 100} size="sm" mt={4} aria-label={job.title} />}
      {job.message && (
        <Text size="xs" className="quiet">
          {job.message}
        </Text>
      )}
      {job.error && (
        <Text size="xs" c="var(--bad)">
          {job.state === 'failed' ? t`Failed: ${job.error}` : t`Tried again after: ${job.error}`}
        </Text>
      )}
    </div>
  )
}
