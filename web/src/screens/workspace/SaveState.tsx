import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Popover, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useFormat } from '../../i18n/format'
import type { Outbox } from '../../kernel/outbox'
import { useKeeping } from './OutboxProvider'
import styles from './SaveState.module.css'

/** Where the work is, always visible and always true: with the server, on its way, kept here, or refused. */
export function SaveState({ draftSaving }: { draftSaving: boolean }) {
  const keeping = useKeeping()
  return keeping && <Shown outbox={keeping.outbox} draftSaving={draftSaving} />
}

function Shown({ outbox, draftSaving }: { outbox: Outbox; draftSaving: boolean }) {
  const state = useStore(outbox.state)
  const online = useOnline()
  if (state.refused.length) return <Refused outbox={outbox} />
  const isOffline = !online || state.trouble === 'offline' || state.trouble === 'trouble'
  const kept = state.waiting.length + Number(draftSaving)
  if (isOffline) {
    return (
      <Line tone="warn" icon={<IconCloudOff size={16} aria-hidden />}>
        {kept ? (
          <Trans>
            offline: <Plural value={kept} one="# answer kept here" other="# answers kept here" />
          </Trans>
        ) : (
          <Trans>offline</Trans>
        )}
      </Line>
    )
  }
  if (kept) {
    return (
      <Line icon={<IconCloudUp size={16} aria-hidden />}>
        <Trans>saving</Trans>
      </Line>
    )
  }
  return (
    <Line icon={<IconCloudCheck size={16} aria-hidden />}>
      <SavedAt at={state.lastSavedAt} />
    </Line>
  )
}

function SavedAt({ at }: { at: number | null }) {
  const format = useFormat()
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 5_000)
    return () => clearInterval(timer)
  }, [])
  if (at === null) return <Trans>saved</Trans>
  return <Trans>saved {format.ago(at, Math.max(now, at))}</Trans>
}

function Line({ icon, tone, children }: { icon: React.ReactNode; tone?: 'warn'; children: React.ReactNode }) {
  return (
    <span className={styles.line} data-tone={tone} role="status">
      {icon}
      <span className={styles.words}>{children}</span>
    </span>
  )
}

/** Answers that the server will not take. They stay here until the person has seen why. */
function Refused({ outbox }: { outbox: Outbox }) {
  const { t } = useLingui()
  const refused = useStore(outbox.state, (state) => state.refused)
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover opened={isOpen} onChange={setOpen} width={320} position="bottom-end">
      <Popover.Target>
        <UnstyledButton className={styles.line} data-tone="bad" onClick={() => setOpen(!isOpen)} role="status">
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            <Plural value={refused.length} one="conflict: # answer not taken" other="conflict: # answers not taken" />
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Answers that were not taken`}>
        <Stack gap="xs">
          {refused.map((entry) => (
            <div key={entry.id}>
              <Text size="sm">{entry.refusal?.sentence}</Text>
              <Button size="compact-xs" variant="default" mt={4} onClick={() => void outbox.discard(entry.id)}>
                <Trans>I have seen this</Trans>
              </Button>
            </div>
          ))}
          <Text size="xs" className="quiet">
            <Trans>The asset goes to somebody else, or comes back to you. Nothing else was lost.</Trans>
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const read = () => setOnline(navigator.onLine)
    window.addEventListener('online', read)
    window.addEventListener('offline', read)
    return () => {
      window.removeEventListener('online', read)
      window.removeEventListener('offline', read)
    }
  }, [])
  return online
}
