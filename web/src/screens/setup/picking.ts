/** Where a key leads in a grid of options; null is not a key for moving. Beyond an end it stays, so that nobody is lost. */
export function placeAfter(key: string, at: number, columns: number, count: number): number | null {
  const rows = 3 // of a page
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: rows * columns,
    PageUp: -rows * columns,
    Home: -count,
    End: count,
  }
  const step = steps[key]
  if (step === undefined || count === 0) return null
  const to = at + step
  if (to >= 0 && to < count) return to
  // A step up or down that would leave the grid stays in its column; the others go to the very end.
  if (key === 'ArrowUp') return at
  if (key === 'ArrowDown') return Math.floor(at / columns) < Math.floor((count - 1) / columns) ? count - 1 : at
  return Math.min(count - 1, Math.max(0, to))
}

/** Choose or give up one of several, as far as there is room. */
export function toggledWithin<T>(chosen: readonly T[], one: T, room: number): readonly T[] {
  if (chosen.includes(one)) return chosen.filter((each) => each !== one)
  return chosen.length < room ? [...chosen, one] : chosen
}
