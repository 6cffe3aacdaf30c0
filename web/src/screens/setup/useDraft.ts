import { useState } from 'react'

/** What is written on, and how to tell one state of it from another. */
type Source<Base, Draft> = {
  newest: Base
  idOf: (base: Base) => string
  draftOf: (base: Base) => Draft
  isChanged: (draft: Draft, base: Base) => boolean
}
type Kept<Base, Draft> = { base: Base; draft: Draft; own: { id: string; draft: Draft } | null }

/**
 * A draft over something that others may save meanwhile. What nobody has written on follows the newest; what somebody has
 * stays as it is, over the state that it began with, until they take the newest or save.
 */
export function useDraft<Base, Draft>({ newest, idOf, draftOf, isChanged }: Source<Base, Draft>) {
  const [kept, setKept] = useState<Kept<Base, Draft>>(() => ({ base: newest, draft: draftOf(newest), own: null }))
  const fresh = () => ({ base: newest, draft: draftOf(newest), own: null })
  const next = () => {
    if (idOf(newest) === idOf(kept.base)) return kept
    const isOwn = kept.own?.id === idOf(newest)
    const isWrittenOn = isOwn ? kept.draft !== kept.own?.draft : isChanged(kept.draft, kept.base)
    if (!isWrittenOn) return fresh()
    // Somebody wrote on while their own was being saved.
    return isOwn ? { ...kept, base: newest, own: null } : kept
  }
  const now = next()
  if (now !== kept) setKept(now)
  return {
    base: now.base,
    draft: now.draft,
    isChanged: isChanged(now.draft, now.base),
    /** Whether somebody else has saved since the draft was begun. */
    isBehind: idOf(newest) !== idOf(now.base),
    edit: (part: Partial<Draft>) => setKept((before) => ({ ...before, draft: { ...before.draft, ...part } })),
    /** Begin anew with the newest. */
    take: () => setKept(fresh()),
    /** The draft is now the state of this id, which comes as the newest. */
    saved: (id: string, draft: Draft) => setKept((before) => ({ ...before, own: { id, draft } })),
  }
}
