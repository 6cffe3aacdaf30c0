import type { Entry } from '../kernel/journal'
import type { Sent } from '../kernel/outbox'
import { Problem, request } from './client'
import type { Annotation, Id, NextWork, Purpose, Work } from './types'

/** How much work of which purpose; what is `known` is held already and need not come again. */
export type NextWish = { count: number; purpose: Purpose; known: Id[] }

/** What the label stream asks of the server; tests hand in another one. */
export interface WorkApi {
  next(project: Id, wish: NextWish): Promise<NextWork>
  send(path: string, body: unknown): Promise<unknown>
  saveDraft(assignment: Id, seq: number, annotations: Annotation[]): Promise<{ seq: number; saved_at: string }>
  withdraw(assignment: Id): Promise<Work>
  renew(assignment: Id): Promise<{ expires_at: string }>
  release(assignment: Id, options?: { closing: boolean }): Promise<void>
}

export const workApi: WorkApi = {
  next: (project, wish) => request(`/projects/${project}/next`, { method: 'POST', body: wish }),
  send: (path, body) => request(path, { method: 'POST', body }),
  saveDraft: (assignment, seq, annotations) =>
    request(`/assignments/${assignment}/draft`, { method: 'PUT', body: { seq, annotations } }),
  withdraw: (assignment) => request(`/assignments/${assignment}/withdraw`, { method: 'POST' }),
  renew: (assignment) => request(`/assignments/${assignment}/renew`, { method: 'POST' }),
  release: (assignment, options) =>
    request(`/assignments/${assignment}/release`, { method: 'POST', keepalive: options?.closing }),
}

/** Send one entry of the outbox and say what became of it. */
export async function sendEntry(api: WorkApi, entry: Entry): Promise<Sent> {
  try {
    await api.send(entry.path, entry.body)
    return { how: 'yes' }
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    if (cause.status === 401) return { how: 'later', why: 'signed-out' }
    if (cause.isOutage) return { how: 'later', why: 'offline' }
    if (cause.retryable || cause.status === 429) return { how: 'later', why: 'trouble' }
    return { how: 'no', code: cause.code, sentence: cause.message }
  }
}
