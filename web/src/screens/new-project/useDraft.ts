import { useEffect, useState } from 'react'
import { useSession } from '../../api/session'
import { type Draft, EMPTY } from './draft'
import { keepDraft, keptDraft } from './kept'

/** The project that is being set up, kept in this browser with every change until it is made or given up. */
export function useDraft() {
  const session = useSession().data
  const who = `${session?.tenant.id}-${session?.user.id}`
  const [draft, setDraft] = useState<Draft>(() => keptDraft(who) ?? EMPTY)
  const [isKept, setKept] = useState(true)
  useEffect(() => setKept(keepDraft(who, draft)), [who, draft])
  /** It was made, or given up: nothing of it stays. */
  const forget = () => {
    keepDraft(who, null)
    setDraft(EMPTY)
  }
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  return { draft, set, setDraft, forget, isKept }
}
