const OVER_MS = 8_000
const LEAST_MS = 500

/** How fast something grows, over the last few seconds. */
export class Pace {
  private marks: { at: number; value: number }[] = []

  note(value: number, at: number): void {
    this.marks.push({ at, value })
  }

  /** By the second; null until it is known. */
  perSecond(value: number, now: number): number | null {
    this.marks = this.marks.filter(({ at }) => now - at < OVER_MS)
    const [oldest] = this.marks
    const span = oldest ? now - oldest.at : 0
    return oldest && span > LEAST_MS ? ((value - oldest.value) / span) * 1000 : null
  }

  forget(): void {
    this.marks = []
  }
}
