import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Asset } from '../api/types'
import { imageClassEditor } from '../modalities/image/class/editor'
import { FakeServer } from '../test/fakeServer'
import { FakeLocks, freshBrowser, openTab, until } from '../test/journal'

const { choose, chosen } = imageClassEditor
type Tab = Awaited<ReturnType<typeof openTab>>

let tabs: Tab[] = []
let locks: FakeLocks

beforeEach(() => {
  freshBrowser()
  locks = new FakeLocks()
})
afterEach(() => {
  for (const tab of tabs) tab.kill()
  tabs = []
  vi.useRealTimers()
})

async function open(server: FakeServer, prefetch?: (asset: Asset) => void): Promise<Tab> {
  const tab = await openTab(server, locks, prefetch)
  tabs.push(tab)
  return tab
}

const answer = async ({ stream }: Tab, name: string) => {
  stream.run(choose(name))
  await stream.submit()
}
const labelsOf = (server: FakeServer) =>
  Object.fromEntries(
    server.submissions().map(({ work, body }) => [work.task_id, body?.annotations[0]?.payload.label_class]),
  )

describe('going through the work', () => {
  test('three assets are in hand before they are needed', async () => {
    const tab = await open(new FakeServer())
    expect(tab.state().current).not.toBeNull()
    expect(tab.state().ahead).toHaveLength(3)
  })

  test('media are fetched once, for work that is in hand or next: what is not yet there would be let go of', async () => {
    const asked: { asset: string; isHeld: boolean }[] = []
    const shown = { tab: null as Tab | null }
    const server = new FakeServer()
    const tab = await open(server, ({ id }) => {
      const { current, ahead } = shown.tab?.state() ?? { current: null, ahead: [] }
      asked.push({ asset: id, isHeld: [current, ...ahead].some((held) => held?.work.asset.id === id) })
    })
    shown.tab = tab
    asked.length = 0
    for (let done = 0; done < 5; done++) await answer(tab, '3')
    await until(() => tab.state().ahead.length === 3)
    expect(asked.length).toBeGreaterThanOrEqual(5)
    expect(asked.every(({ isHeld }) => isHeld)).toBe(true)
    expect(new Set(asked.map(({ asset }) => asset)).size).toBe(asked.length)
  })

  test('handing in shows the next asset at once, without waiting for the server', async () => {
    const tab = await open(new FakeServer())
    const next = tab.state().ahead[0]?.work.task_id
    tab.stream.run(choose('3'))
    void tab.stream.submit()
    expect(tab.state().current?.work.task_id).toBe(next)
  })

  test('every answer arrives once, with what was chosen and how long it took', async () => {
    const server = new FakeServer({ nTasks: 12 })
    const tab = await open(server)
    for (let done = 0; done < 12; done++) {
      await until(() => tab.state().current !== null)
      await answer(tab, String(done % 10))
    }
    await until(() => server.submissions().length === 12)
    expect(Object.values(labelsOf(server)).sort()).toEqual([...'001123456789'])
    expect(server.submissions().every(({ body }) => (body?.duration_s ?? -1) >= 0)).toBe(true)
  })

  test('when there is nothing, the reason is there, and new work is taken when it comes', async () => {
    const tab = await open(new FakeServer({ empty: true }))
    expect(tab.state().status).toBe('waiting')
    expect(tab.state().waiting?.sentence).toContain('learning')
  })

  test('a skip goes back and the next asset comes', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    const skipped = tab.state().current?.work.assignment_id ?? ''
    await tab.stream.skip('unclear')
    await until(() => server.held.get(skipped)?.state === 'skipped')
    expect(tab.state().current?.work.assignment_id).not.toBe(skipped)
    expect(tab.state().nDone).toBe(0)
  })
})

describe('going back', () => {
  test('the last answer is taken back, can be changed, and only the new one counts', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    const task = tab.state().current?.work.task_id ?? ''
    await answer(tab, '3')
    await until(() => server.submissions().length === 1)
    await tab.stream.back()
    expect(tab.state().current?.work.task_id).toBe(task)
    expect(chosen(tab.state().current?.history.document ?? {})).toBe('3')
    await answer(tab, '8')
    await until(() => labelsOf(server)[task] === '8')
    expect(server.submissions()).toHaveLength(1)
  })

  test('undo without an edit goes back, and redo hands the same answer in again', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    await answer(tab, '3')
    await until(() => server.submissions().length === 1)
    await tab.stream.undo()
    expect(server.submissions()).toHaveLength(0)
    await tab.stream.redo()
    await until(() => server.submissions().length === 1)
    expect(Object.values(labelsOf(server))).toEqual(['3'])
  })

  test('an answer that others built on stays, and the person is told', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    const id = tab.state().current?.work.assignment_id ?? ''
    await answer(tab, '3')
    await until(() => server.submissions().length === 1)
    server.endLease(id)
    await tab.stream.back()
    expect(tab.state().notice?.code).toBe('final')
    expect(tab.state().current?.work.assignment_id).not.toBe(id)
  })

  test('an answer that was not yet sent is taken back without asking the server', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    server.isAway = true
    await answer(tab, '3')
    await tab.stream.back()
    expect(chosen(tab.state().current?.history.document ?? {})).toBe('3')
    expect(tab.outbox.state.getState().waiting).toEqual([])
  })
})

describe('nothing is lost', () => {
  test('a draft is there again in the next tab, undo included', async () => {
    const server = new FakeServer()
    const first = await open(server)
    const task = first.state().current?.work.task_id
    first.stream.run(choose('3'))
    first.stream.run(choose('5'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    first.kill()
    const second = await open(server)
    expect(second.state().current?.work.task_id).toBe(task)
    expect(chosen(second.state().current?.history.document ?? {})).toBe('5')
    await second.stream.undo()
    expect(chosen(second.state().current?.history.document ?? {})).toBe('3')
  })

  test('killed at 60 moments, with the server away now and then, every answer given arrives exactly once', async () => {
    const server = new FakeServer({ nTasks: 200 })
    const given: Record<string, string> = {}
    let seed = 7
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed / 2 ** 31
    }
    for (let life = 0; life < 60; life++) {
      server.isAway = false
      const tab = await open(server)
      server.isAway = random() < 0.4
      const wanted = Math.floor(random() * 3)
      for (let done = 0; done < wanted && tab.state().current; done++) {
        const task = tab.state().current?.work.task_id ?? ''
        const name = String(Math.floor(random() * 10))
        // `submit` resolves when the answer is in the journal: that is the moment from which it must survive.
        await answer(tab, name)
        given[task] = name
      }
      if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 8))
      tab.kill()
    }
    server.isAway = false
    await open(server)
    await until(() => server.submissions().length === Object.keys(given).length)
    expect(labelsOf(server)).toEqual(given)
    expect(Object.keys(given).length).toBeGreaterThan(30)
  })

  test('a session that ends while labelling keeps the answers until somebody signs in again', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    server.isSignedOut = true
    await answer(tab, '3')
    await until(() => tab.outbox.state.getState().trouble === 'signed-out')
    server.isSignedOut = false
    await tab.outbox.drain()
    expect(server.submissions()).toHaveLength(1)
  })

  test('leaving gives untouched work back at once and keeps what has edits in it', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    const edited = tab.state().current?.work.assignment_id ?? ''
    tab.stream.run(choose('3'))
    tab.stream.stop(true)
    await until(() => [...server.held.values()].filter(({ state }) => state === 'released').length === 3)
    expect(server.held.get(edited)?.state).toBe('held')
  })
})

describe('leases and tabs', () => {
  test('two tabs of one person never show the same asset', async () => {
    const server = new FakeServer()
    const [one, two] = [await open(server), await open(server)]
    const inHand = (tab: Tab) => [tab.state().current, ...tab.state().ahead].map((held) => held?.work.assignment_id)
    expect(inHand(two).filter((id) => inHand(one).includes(id))).toEqual([])
    expect(two.state().current).not.toBeNull()
  })

  test('a lease that ended is said beside the asset, and the next one is one step away', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'Date'] })
    const server = new FakeServer({ leaseSeconds: 30 })
    const tab = await open(server)
    const lost = tab.state().current?.work.assignment_id ?? ''
    server.endLease(lost)
    await vi.advanceTimersByTimeAsync(16_000)
    vi.useRealTimers()
    await until(() => tab.state().current?.leaseEnded === true)
    expect(tab.state().notice?.code).toBe('lease_ended')
    await tab.stream.leaveEnded()
    expect(tab.state().current?.work.assignment_id).not.toBe(lost)
  })

  test('an answer after the lease ended is kept as a conflict, not lost in silence', async () => {
    const server = new FakeServer()
    const tab = await open(server)
    server.endLease(tab.state().current?.work.assignment_id ?? '')
    await answer(tab, '3')
    await until(() => tab.outbox.state.getState().refused.length === 1)
    expect(tab.outbox.state.getState().refused[0]?.refusal?.code).toBe('task.lease_ended')
  })
})
