import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useRetryJob } from '../../api/jobs'
import { useCancelImport, useImport } from '../../api/queries'
import type { Import } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { JobFaults } from '../common/JobFaults'
import { ProblemNote } from '../common/Note'

type Props = { name: string; share: number; id: string | null; cause: unknown; onDone?: () => void }

/** One file on its way: going up, being read, done, with what was wrong row by row. */
export function ImportProgress({ name, share, id, cause, onDone }: Props) {
  const { t } = useLingui()
  const format = useFormat()
  const cache = useQueryClient()
  const reading = useImport(id).data
  const cancel = useCancelImport()
  const retry = useRetryJob()
  const latest = useRef(onDone)
  latest.current = onDone
  const isOver = reading !== undefined && !['queued', 'running'].includes(reading.state)
  useEffect(() => {
    if (!isOver) return
    void cache
      .invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/datasets') })
      .then(() => latest.current?.())
  }, [isOver, cache])
  if (cause) return <ProblemNote what={t`“${name}” was not uploaded`} cause={cause} />
  const readShare = reading?.rows_total ? reading.rows_read / reading.rows_total : null
  const value = id === null ? share * 100 : isOver ? 100 : (readShare ?? 1) * 100
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} truncate maw="50%">
          {name}
        </Text>
        <Group gap="xs">
          <Text size="sm" className="quiet" aria-live="polite">
            {id === null ? <Trans>uploading, {format.percent(share, 0)}</Trans> : <State reading={reading} />}
          </Text>
          {reading && !isOver && (
            <Button size="compact-xs" variant="default" onClick={() => cancel.mutate(reading.id)}>
              <Trans>Cancel</Trans>
            </Button>
          )}
        </Group>
      </Group>
      <Progress
        value={value}
        size="sm"
        aria-label={t`Import of ${name}`}
        animated={!isOver && readShare === null}
        color={reading?.state === 'failed' ? 'red' : undefined}
      />
      {reading?.error && (
        <Group gap="sm">
          <Text size="sm" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
            {reading.error}{' '}
            {!isOver && (
              <span className="quiet">
                <Trans>It is tried again by itself.</Trans>
              </span>
            )}
          </Text>
          {reading.state === 'failed' && reading.job_id && (
            <Button
              size="compact-xs"
              variant="default"
              loading={retry.isPending}
              onClick={() => retry.mutate(reading.job_id as string)}
            >
              <Trans>Go on where it was</Trans>
            </Button>
          )}
          {retry.isError && (
            <Text size="xs" c="var(--bad)" role="alert">
              {retry.error.message}
            </Text>
          )}
        </Group>
      )}
      {reading && reading.n_faults > 0 && (
        <JobFaults
          path={`/imports/${reading.id}/faults`}
          name={reading.name}
          n={reading.n_faults}
          title={<Plural value={reading.n_faults} one="# row could not be used" other="# rows could not be used" />}
        />
      )}
    </Stack>
  )
}

function State({ reading }: { reading: Import | undefined }) {
  const format = useFormat()
  if (!reading || reading.state === 'queued') return <Trans>waiting to be read</Trans>
  const read = format.number(reading.rows_read)
  if (reading.state === 'running') {
    if (reading.rows_total === null) return <Trans>{read} read</Trans>
    return (
      <Trans>
        {read} of {format.number(reading.rows_total)} read
      </Trans>
    )
  }
  if (reading.state === 'cancelled') return <Trans>cancelled; what was read is kept</Trans>
  if (reading.state === 'failed') return <Trans>failed</Trans>
  const copies = reading.n_duplicates
  return (
    <>
      <Plural value={reading.n_added} one="# asset added" other="# assets added" />
      {copies > 0 && (
        <>
          {', '}
          <Plural value={copies} one="# exact copy left out" other="# exact copies left out" />
        </>
      )}
    </>
  )
}
