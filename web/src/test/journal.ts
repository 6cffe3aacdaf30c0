import { IDBFactory } from 'fake-indexeddb'
import { Problem } from '../api/client'
import type { Asset } from '../api/types'
import type { WorkApi } from '../api/work'
import { sendEntry } from '../api/work'
import { Journal } from '../kernel/journal'
import { Outbox } from '../kernel/outbox'
import { WorkStream } from '../kernel/stream'
import type { TabLocks } from '../kernel/tabs'
import type { FakeServer } from './fakeServer'

/** Forget everything that this browser kept. */
export function freshBrowser(): void {
  globalThis.indexedDB = new IDBFactory()
}

/** Locks as a browser has them, shared by the tabs of a test. */
export class FakeLocks {
  private readonly owners = new Map<string, object>()

  tab(): TabLocks & { close: () => void } {
    const me = {}
    const drop = (name: string) => this.owners.get(name) === me && this.owners.delete(name)
    return {
      take: async (name) => {
        if (this.owners.has(name)) return null
        this.owners.set(name, me)
        return { release: () => drop(name) }
      },
      held: async (start) =>
        [...this.owners.keys()].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)),
      close: () => {
        for (const name of [...this.owners.keys()]) drop(name)
      },
    }
  }
}

/** The work API, answered by the server in memory. */
export function fakeApi(server: FakeServer): WorkApi {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    await Promise.resolve()
    const answer = server.handle(method, path, body)
    if (answer.status >= 200 && answer.status < 300) return answer.body as T
    throw new Problem(answer.status, (answer.body ?? {}) as Record<string, unknown>)
  }
  return {
    next: (project, wish) => ask('POST', `/projects/${project}/next`, wish),
    send: (path, body) => ask('POST', path, body),
    saveDraft: (id, seq, annotations) => ask('PUT', `/assignments/${id}/draft`, { seq, annotations }),
    withdraw: (id) => ask('POST', `/assignments/${id}/withdraw`),
    renew: (id) => ask('POST', `/assignments/${id}/renew`),
    release: (id) => ask('POST', `/assignments/${id}/release`),
  }
}

/** One tab of the label stream. `kill` ends it as a crash does: nothing is said to anybody, only the browser's locks fall. */
export async function openTab(server: FakeServer, locks: FakeLocks, prefetch: (asset: Asset) => void = () => {}) {
  const api = fakeApi(server)
  const tab = locks.tab()
  const journal = await Journal.open()
  const outbox = new Outbox({ journal, user: 'u1', locks: tab, send: (entry) => sendEntry(api, entry) })
  await outbox.open()
  const stream = new WorkStream({
    api,
    journal,
    outbox,
    locks: tab,
    user: 'u1',
    project: 'p1',
    purposes: ['label'],
    prefetch,
  })
  await stream.start()
  const kill = () => {
    outbox.close()
    tab.close()
    // biome-ignore lint/complexity/useLiteralKeys: a crash stops what no method stops
    stream['leases'].stop()
  }
  return { stream, outbox, journal, kill, state: () => stream.state.getState() }
}

/** Until it holds, or the test has waited long enough. */
export async function until(holds: () => boolean, ms = 2_000): Promise<void> {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error('It never held.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
