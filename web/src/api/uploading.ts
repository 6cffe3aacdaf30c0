import { Problem, request, upload } from './client'
import type { Picked } from './picked'
import type { Id, Import, Page, Upload, UploadFile } from './types'

/** Where an upload is. `held` is stopped by the person or by an outage, and can go on. */
export type UploadingState = 'announcing' | 'sending' | 'held' | 'complete' | 'failed' | 'cancelled'

export type Row = { name: string; size: number; sent: number; position: number; isOnItsWay: boolean }

export type Snapshot = {
  state: UploadingState
  name: string
  rows: readonly Row[]
  nDone: number
  nBytes: number
  nSent: number
  /** Bytes a second over the last few seconds; null until it is known. */
  rate: number | null
  cause: unknown
  importId: Id | null
}

const SLICE_BYTES = 8 * 1024 * 1024
const AT_ONCE = 4
const ANNOUNCED_AT_ONCE = 10_000
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000]
const RATE_OVER_MS = 8_000
const TOLD_EVERY_MS = 200

/**
 * Files on their way to the server, several at once and in slices: what has arrived stays there, so an upload goes on after a
 * pause, an outage or a reload of the page.
 */
export class Uploading {
  private listeners = new Set<() => void>()
  private rows: Row[] = []
  private blobs = new Map<number, File>()
  private state: UploadingState = 'announcing'
  private cause: unknown = null
  private importId: Id | null = null
  private uploadId: Id | null
  private stop = new AbortController()
  private marks: { at: number; sent: number }[] = []
  private snapshot: Snapshot
  private timer: ReturnType<typeof setTimeout> | null = null

  /** @param begun an upload of an earlier page, whose files were chosen again. */
  constructor(
    private readonly datasetId: Id,
    private readonly name: string,
    private readonly picked: Picked[],
    begun: Upload | null = null,
  ) {
    this.uploadId = begun?.id ?? null
    this.snapshot = this.look()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read = (): Snapshot => this.snapshot

  /** Send until all is there, then have it read; also goes on after a stop. */
  async go(): Promise<void> {
    this.stop = new AbortController()
    this.cause = null
    this.marks = []
    try {
      if (!this.rows.length) {
        this.enter('announcing')
        await this.announce()
      }
      this.enter('sending')
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()))
      const { id } = await request<Import>(`/uploads/${this.uploadId}/complete`, { method: 'POST' })
      this.importId = id
      this.enter('complete')
    } catch (cause) {
      if (this.stop.signal.aborted) return
      this.stop.abort()
      this.cause = cause
      this.enter(cause instanceof Problem && (cause.retryable || cause.isOutage) ? 'held' : 'failed')
    }
  }

  hold(): void {
    this.stop.abort()
    this.enter('held')
  }

  /** Give up; the server forgets what has arrived. */
  async cancel(): Promise<void> {
    this.stop.abort()
    this.enter('cancelled')
    if (this.uploadId) await request(`/uploads/${this.uploadId}`, { method: 'DELETE' })
  }

  private async announce(): Promise<void> {
    const known = this.uploadId ? await this.known(this.uploadId) : []
    const left = new Map(this.picked.map((each) => [`${each.name} ${each.file.size}`, each]))
    for (const file of known) {
      const key = `${file.name} ${file.size}`
      const same = left.get(key)
      if (!same) throw new Problem(422, { code: 'upload.file_missing', title: missingText(file.name) })
      left.delete(key)
      this.add(same, file.position, file.offset)
    }
    const fresh = [...left.values()]
    for (let at = 0; at < fresh.length; at += ANNOUNCED_AT_ONCE) {
      const part = fresh.slice(at, at + ANNOUNCED_AT_ONCE)
      const files = part.map(({ name, file }) => ({ name, size: file.size }))
      const first = this.rows.length
      if (this.uploadId) await request(`/uploads/${this.uploadId}/files`, { method: 'POST', body: { files } })
      else {
        const body = { dataset_id: this.datasetId, name: this.name, files }
        this.uploadId = (await request<Upload>('/uploads', { method: 'POST', body })).id
      }
      for (const [place, each] of part.entries()) this.add(each, first + place, 0)
    }
  }

  private async known(id: Id): Promise<UploadFile[]> {
    const found: UploadFile[] = []
    for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined; ) {
      const page: Page<UploadFile> = await request(`/uploads/${id}/files?limit=200${cursor && `&cursor=${cursor}`}`)
      found.push(...page.items)
      cursor = page.next_cursor
    }
    return found
  }

  private add({ name, file }: Picked, position: number, sent: number): void {
    this.rows.push({ name, size: file.size, sent, position, isOnItsWay: false })
    this.blobs.set(position, file)
  }

  private async work(): Promise<void> {
    for (;;) {
      if (this.stop.signal.aborted) throw new DOMException('stopped', 'AbortError')
      const row = this.rows.find((each) => !each.isOnItsWay && each.sent < each.size)
      if (!row) return
      row.isOnItsWay = true
      try {
        await this.send(row)
      } finally {
        row.isOnItsWay = false
      }
    }
  }

  private async send(row: Row): Promise<void> {
    const file = this.blobs.get(row.position) as File
    let failures = 0
    while (row.sent < row.size) {
      const from = row.sent
      const slice = file.slice(from, from + SLICE_BYTES)
      try {
        const path = `/uploads/${this.uploadId}/files/${row.position}?offset=${from}`
        const after = await upload<UploadFile>(
          path,
          slice,
          (share) => {
            row.sent = Math.min(from + share * slice.size, row.size - 1)
            this.tell()
          },
          { method: 'PUT', signal: this.stop.signal },
        )
        row.sent = after.offset
        failures = 0
        this.tell()
      } catch (cause) {
        row.sent = from
        if (cause instanceof Problem && cause.code === 'upload.offset_wrong') row.sent = Number(cause.data.offset)
        else if (cause instanceof Problem && (cause.retryable || cause.isOutage) && failures < PAUSES_MS.length)
          await this.pause(PAUSES_MS[failures++] as number)
        else throw cause
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = setTimeout(resolve, ms)
      this.stop.signal.addEventListener('abort', () => {
        clearTimeout(over)
        resolve()
      })
    })
  }

  private enter(state: UploadingState): void {
    this.state = state
    this.publish()
  }

  private tell(): void {
    this.timer ??= setTimeout(() => this.publish(), TOLD_EVERY_MS)
  }

  private publish(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.snapshot = this.look()
    for (const listener of this.listeners) listener()
  }

  private look(): Snapshot {
    const nSent = this.rows.reduce((sum, row) => sum + row.sent, 0)
    const now = Date.now()
    if (this.state === 'sending') this.marks.push({ at: now, sent: nSent })
    this.marks = this.marks.filter(({ at }) => now - at < RATE_OVER_MS)
    const [oldest] = this.marks
    const span = oldest ? now - oldest.at : 0
    return {
      state: this.state,
      name: this.name,
      rows: [...this.rows],
      nDone: this.rows.filter((row) => row.sent >= row.size).length,
      nBytes: this.rows.reduce((sum, row) => sum + row.size, 0),
      nSent,
      rate: oldest && span > 500 ? ((nSent - oldest.sent) / span) * 1000 : null,
      cause: this.cause,
      importId: this.importId,
    }
  }
}

const missingText = (name: string) => `“${name}” belongs to this upload and was not among the files chosen now.`
