import { useLingui } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useFormat } from '../../i18n/format'
import type { WorkStream } from '../../kernel/stream'

/** Answers that take seconds need no clock; it would only tick in the corner of the eye. */
const SHOWN_FROM_MS = 5_000

/** How long this asset has been looked at, once that is worth knowing. */
export function Timer({ stream, isRunning }: { stream: WorkStream; isRunning: boolean }) {
  const { t } = useLingui()
  const format = useFormat()
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((before) => before + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <Text size="sm" className="quiet" role="timer" aria-label={t`Time on this asset`} miw={36} ta="end">
      {isRunning && stream.lookedMs() >= SHOWN_FROM_MS ? format.clock(stream.lookedMs()) : ''}
    </Text>
  )
}
