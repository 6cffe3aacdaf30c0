import { Problem, request, upload } from './client'
import { uploadFiles } from './ingest'
import { Pace } from './pace'
import type { Picked } from './picked'
import type { Id, Import, Upload, UploadFile } from './types'
import {
  countOf,
  isReadable,
  lostFault,
  planned,
  problemOf,
  type Refusal,
  type Row,
  refusedOf,
  rowOf,
  type Snapshot,
  type UploadingState,
  unreadableFault,
} from './uploadPlan'

const SLICE_BYTES = 8 * 1024 * 1024
const AT_ONCE = 4
const ANNOUNCED_AT_ONCE = 10_000
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000]
const TOLD_EVERY_MS = 200

/**
 * Files on their way to the server, several at once and in slices: what has arrived stays there, so an upload goes on after a
 * pause, an outage or a reload of the page.
 */
export class Uploading {
  private listeners = new Set<() => void>()
  private rows: Row[] = []
  private isAnnounced = false
  private blobs = new Map<number, File>()
  private state: UploadingState = 'announcing'
  private cause: unknown = null
  private importId: Id | null = null
  private uploadId: Id | null
  private refusal: Refusal | null = null
  private readonly without = new Set<number>()
  private leftOut: string[] = []
  private stop = new AbortController()
  private readonly pace = new Pace()
  private snapshot: Snapshot
  private timer: ReturnType<typeof setTimeout> | null = null

  /** @param begun an upload of an earlier page, whose files were chosen again. */
  constructor(
    private readonly datasetId: Id,
    private readonly name: string,
    private picked: Picked[],
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
    this.refusal = null
    this.pace.forget()
    try {
      if (!this.isAnnounced) {
        this.enter('announcing')
        await this.announce()
        this.isAnnounced = true
      }
      this.enter('sending')
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()))
      const less = this.without.size ? '?without_missing=true' : ''
      const { id } = await request<Import>(`/uploads/${this.uploadId}/complete${less}`, { method: 'POST' })
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

  /** Go on without the files that stand in the way. */
  async leaveOut(): Promise<void> {
    const refusal = this.refusal
    if (!refusal) return
    const names = this.rows.filter(({ position }) => refusal.positions.includes(position)).map(({ name }) => name)
    this.leftOut = [...new Set([...this.leftOut, ...names, ...refusal.picked.map(({ name }) => name)])]
    this.picked = this.picked.filter((each) => !refusal.picked.includes(each))
    for (const position of refusal.positions) this.without.add(position)
    this.isAnnounced = false
    await this.go()
  }

  private async announce(): Promise<void> {
    const known = this.uploadId ? await uploadFiles(this.uploadId) : []
    const { rows, blobs, fresh, lost } = planned(known, this.picked, this.without)
    this.rows = [...rows, ...lost.map((file) => rowOf(file, file.position, file.offset))]
    this.blobs = blobs
    if (lost.length) {
      this.refusal = { picked: [], positions: lost.map(({ position }) => position) }
      throw problemOf(...lost.map(lostFault))
    }
    let next = known.length ? Math.max(...known.map(({ position }) => position)) + 1 : 0
    for (let at = 0; at < fresh.length; at += ANNOUNCED_AT_ONCE) {
      const part = fresh.slice(at, at + ANNOUNCED_AT_ONCE)
      await this.tellOf(part)
      for (const { name, file } of part) {
        this.blobs.set(next, file)
        this.rows.push(rowOf({ name, size: file.size }, next++))
      }
    }
  }

  private async tellOf(part: Picked[]): Promise<void> {
    const files = part.map(({ name, file }) => ({ name, size: file.size }))
    try {
      if (this.uploadId) await request(`/uploads/${this.uploadId}/files`, { method: 'POST', body: { files } })
      else {
        const body = { dataset_id: this.datasetId, name: this.name, files }
        this.uploadId = (await request<Upload>('/uploads', { method: 'POST', body })).id
      }
    } catch (cause) {
      if (cause instanceof Problem) this.refusal = refusedOf(part, cause.data)
      throw cause
    }
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
        else if (!this.stop.signal.aborted && !(await isReadable(slice))) throw this.unreadable(row)
        else if (cause instanceof Problem && (cause.retryable || cause.isOutage) && failures < PAUSES_MS.length)
          await this.pause(PAUSES_MS[failures++] as number)
        else throw cause
      }
    }
  }

  private unreadable({ name, position }: Row): Problem {
    this.refusal = { picked: this.picked.filter((each) => each.name === name), positions: [position] }
    return problemOf(unreadableFault({ name }))
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
    if (this.state === 'sending') this.pace.note(nSent, now)
    return {
      state: this.state,
      name: this.name,
      rows: [...this.rows],
      nDone: this.rows.filter((row) => row.sent >= row.size).length,
      nBytes: this.rows.reduce((sum, row) => sum + row.size, 0),
      nSent,
      rate: this.pace.perSecond(nSent, now),
      cause: this.cause,
      nRefused: this.refusal ? countOf(this.refusal) : 0,
      nOthers: Math.max(this.rows.length, this.picked.length) - (this.refusal ? countOf(this.refusal) : 0),
      leftOut: this.leftOut,
      importId: this.importId,
    }
  }
}
