import { useLingui } from '@lingui/react/macro'

/** The word for what somebody did with a task. */
export function useWhatHappened(): (what: string) => string {
  const { t } = useLingui()
  const words: Record<string, string> = {
    submitted: t`answered`,
    reviewed: t`reviewed`,
    checked: t`checked`,
    skipped: t`passed it on`,
  }
  return (what) => words[what] ?? what
}
