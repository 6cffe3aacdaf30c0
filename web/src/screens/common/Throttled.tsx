import { useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { Problem } from '../../api/client'
import { useFormat } from '../../i18n/format'

/** Seconds until the server will listen again after too many attempts; 0 when it does. Counts down by itself. */
export function useWait(cause: unknown): number {
  const [until, setUntil] = useState(0)
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const wait = cause instanceof Problem ? Number(cause.data.retry_after_s ?? 0) : 0
    setUntil(wait ? Date.now() + wait * 1000 : 0)
    setNow(Date.now())
  }, [cause])
  useEffect(() => {
    if (until <= now) return
    const tick = setTimeout(() => setNow(Date.now()), 1000)
    return () => clearTimeout(tick)
  }, [until, now])
  return Math.max(0, Math.ceil((until - now) / 1000))
}

/** The sentence that goes with it. */
export function useWaitText(seconds: number): string | null {
  const { t } = useLingui()
  const format = useFormat()
  return seconds > 0 ? t`You can try again in ${format.clock(seconds * 1000)}.` : null
}
