import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Uploading } from '../../api/uploading'
import type { Row, Snapshot } from '../../api/uploadPlan'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { ImportProgress } from '../new-project/ImportProgress'

const SHOWN_AT_ONCE = 6
const NAMED_AT_MOST = 5

type Props = {
  uploading: Uploading
  onDone?: () => void
  onBegun?: () => void
  /** The import is shown elsewhere on the screen once it has begun. */
  isShownElsewhere?: boolean
}

/** Files on their way: all of them together, those that move now one by one, and then how they are read. */
export function UploadPanel({ uploading, onDone, onBegun, isShownElsewhere = false }: Props) {
  const { t } = useLingui()
  const now = useSyncExternalStore(uploading.subscribe, uploading.read)
  const [latest] = useState(() => ({ onBegun }))
  latest.onBegun = onBegun
  useEffect(() => {
    if (now.importId) latest.onBegun?.()
  }, [now.importId, latest])
  useWarning(now.state === 'sending' || now.state === 'announcing')
  if (now.importId)
    return (
      <>
        <LeftOut names={now.leftOut} />
        {!isShownElsewhere && (
          <ImportProgress name={now.name} share={1} id={now.importId} cause={null} onDone={onDone} />
        )}
      </>
    )
  if (now.state === 'cancelled')
    return <Text size="sm" className="quiet">{t`“${now.name}” was given up; nothing of it is kept.`}</Text>
  return (
    <Stack gap={6} component="section" aria-label={t`Upload of ${now.name}`}>
      <Head now={now} uploading={uploading} />
      <Progress
        value={now.nBytes ? (now.nSent / now.nBytes) * 100 : 0}
        size="sm"
        aria-label={t`Upload of ${now.name}`}
        color={now.state === 'failed' ? 'red' : undefined}
      />
      <Files rows={now.rows} />
      {Boolean(now.cause) && (
        <ProblemNote
          what={
            now.state === 'held' ? t`The upload stopped; what has arrived is kept` : t`“${now.name}” was not uploaded`
          }
          cause={now.cause}
          next={
            now.nRefused > 0 && now.nOthers > 0 ? (
              <Group>
                <Button size="xs" onClick={() => void uploading.leaveOut()}>
                  <Plural value={now.nRefused} one="Go on without this file" other="Go on without these # files" />
                </Button>
              </Group>
            ) : undefined
          }
        />
      )}
      <LeftOut names={now.leftOut} />
    </Stack>
  )
}

/** What the upload went on without; it is told until the page is left. */
function LeftOut({ names }: { names: readonly string[] }) {
  if (!names.length) return null
  const rest = names.length - NAMED_AT_MOST
  return (
    <Text size="sm" c="var(--warn)" role="status" style={{ overflowWrap: 'anywhere' }}>
      <Plural value={names.length} one="# file was left out:" other="# files were left out:" />{' '}
      {names.slice(0, NAMED_AT_MOST).join(', ')}
      {rest > 0 && (
        <>
          {' '}
          <Plural value={rest} one="and # more" other="and # more" />
        </>
      )}
    </Text>
  )
}

function Head({ now, uploading }: { now: Snapshot; uploading: Uploading }) {
  const { t } = useLingui()
  const format = useFormat()
  const left = now.rate ? (now.nBytes - now.nSent) / now.rate : null
  const parts = [
    t`${format.number(now.nDone)} of ${format.number(now.rows.length)} files`,
    t`${format.bytes(now.nSent)} of ${format.bytes(now.nBytes)}`,
    now.state === 'sending' && now.rate ? t`${format.bytes(now.rate)} a second` : null,
    now.state === 'sending' && left !== null ? t`${format.clock(left * 1000)} left` : null,
    now.state === 'held' ? t`stopped` : null,
  ].filter(Boolean)
  return (
    <Group justify="space-between" gap="xs">
      <div style={{ minWidth: 0, flex: '1 1 200px' }}>
        <Text size="sm" fw={550} truncate>
          {now.name}
        </Text>
        <Text size="xs" className="quiet">
          {now.state === 'announcing' ? (
            <Trans>telling the server what comes</Trans>
          ) : (
            now.rows.length > 0 && parts.join(' · ')
          )}
        </Text>
      </div>
      <Group gap={4}>
        {now.state === 'sending' && (
          <Button size="compact-xs" variant="default" onClick={() => uploading.hold()}>
            <Trans>Pause</Trans>
          </Button>
        )}
        {(now.state === 'held' || now.state === 'failed') && (
          <Button size="compact-xs" variant={now.nRefused ? 'default' : 'filled'} onClick={() => void uploading.go()}>
            {now.state === 'held' ? <Trans>Go on</Trans> : <Trans>Try again</Trans>}
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={() => void uploading.cancel().catch(() => undefined)}>
          <Trans>Give up</Trans>
        </Button>
      </Group>
    </Group>
  )
}

function Files({ rows }: { rows: readonly Row[] }) {
  const format = useFormat()
  const moving = rows.filter((row) => row.isOnItsWay).slice(0, SHOWN_AT_ONCE)
  const waiting = rows.filter((row) => !row.isOnItsWay && row.sent < row.size).length
  if (rows.length < 2 || !(moving.length || waiting)) return null
  return (
    <Stack gap={2}>
      {moving.map((row) => (
        <Group key={row.position} gap="xs" wrap="nowrap">
          <Text size="xs" className="quiet" truncate style={{ flex: '1 1 120px' }}>
            {row.name}
          </Text>
          <Progress value={(row.sent / row.size) * 100} size="xs" w={96} aria-label={row.name} />
          <Text size="xs" className="quiet" w={40} ta="end">
            {format.percent(row.sent / row.size, 0)}
          </Text>
        </Group>
      ))}
      {waiting > 0 && (
        <Text size="xs" className="quiet">
          <Plural value={waiting} one="# more file waits" other="# more files wait" />
        </Text>
      )}
    </Stack>
  )
}

/** The page asks before it is closed while files are on their way; what has arrived could be gone on with all the same. */
function useWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isOn])
}
