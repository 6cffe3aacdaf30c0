/** How long something has been looked at. Pauses do not count. */
export class StopWatch {
  private countedMs = 0
  private since: number | null = null

  constructor(private readonly now: () => number) {}

  /** Start on something new, or on something that was looked at before. */
  begin(alreadyMs: number): void {
    this.countedMs = alreadyMs
    this.since = this.now()
  }

  pause(): void {
    this.countedMs = this.ms()
    this.since = null
  }

  go(): void {
    this.since ??= this.now()
  }

  ms(): number {
    return this.countedMs + (this.since === null ? 0 : this.now() - this.since)
  }
}
