import { type Draft, EMPTY } from './draft'

/** Raised when a draft changes its shape: older ones are then left alone. */
const FORM = 1

/** Where the draft of somebody is kept in this browser: everybody at the same desk has their own. */
const placeOf = (who: string) => `karat-new-project-${who}`

/** The project that somebody began to set up here, if there is one that can still be read. */
export function keptDraft(who: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(placeOf(who)) ?? 'null') as { form: number; draft: Draft } | null
    return kept?.form === FORM && isWhole(kept.draft) ? kept.draft : null
  } catch {
    return null
  }
}

/** Keep it; nothing is kept of one that was not begun. Says whether the browser took it. */
export function keepDraft(who: string, draft: Draft | null): boolean {
  try {
    if (draft === null || draft === EMPTY) localStorage.removeItem(placeOf(who))
    else localStorage.setItem(placeOf(who), JSON.stringify({ form: FORM, draft }))
    return true
  } catch {
    return false // no room, or a browser that keeps nothing
  }
}

const isWhole = (draft: Draft): boolean =>
  Object.entries(EMPTY).every(([name, usual]) => {
    const value = draft?.[name as keyof Draft]
    return usual === null
      ? value !== undefined
      : typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual)
  })
