/**
 * A server that is brought up to date while a tab is open no longer has the parts of the app that the tab has not loaded yet.
 * Loading the page anew brings those that go together; once, since a part may be missing for another reason.
 */
const KEY = 'karat.loaded-anew'
const LATELY_MS = 10_000
let isPartMissing = false

export function watchForMissingParts(): void {
  addEventListener('vite:preloadError', () => {
    isPartMissing = true
  })
}

/** Whether the page is to be loaded anew now; then it has been noted that it was. */
export function takeLoadingAnew(now = Date.now()): boolean {
  if (!isPartMissing || now - Number(sessionStorage.getItem(KEY) ?? 0) < LATELY_MS) return false
  sessionStorage.setItem(KEY, String(now))
  return true
}
