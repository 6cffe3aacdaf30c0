import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeLocks, freshBrowser, until } from '../test/journal'
import { type Entry, Journal } from './journal'
import { Outbox, type Sent } from './outbox'

const entry = (id: string, part: Partial<Entry> = {}): Entry => ({
  id,
  user_id: 'u1',
  project_id: 'p1',
  assignment_id: `w${id}`,
  path: `/assignments/w${id}/submission`,
  body: { submission_id: id },
  at: 0,
  on_refusal: 'keep',
  refusal: null,
  ...part,
})

let open: Outbox[] = []

beforeEach(freshBrowser)
afterEach(() => {
  for (const outbox of open) outbox.close()
  open = []
})

async function outboxThat(send: (entry: Entry) => Promise<Sent>, locks = new FakeLocks().tab()) {
  const journal = await Journal.open()
  const outbox = new Outbox({ journal, user: 'u1', send, locks })
  open.push(outbox)
  return { outbox, journal }
}

test('an entry is in the journal before the server hears of it, and leaves when the server has said yes', async () => {
  const seen: number[] = []
  const { outbox, journal } = await outboxThat(async () => {
    seen.push((await journal.outbox('u1')).length)
    return { how: 'yes' }
  })
  await outbox.post(entry('1'))
  await outbox.drain()
  expect(seen).toEqual([1])
  expect(await journal.outbox('u1')).toEqual([])
  expect(outbox.state.getState().lastSavedAt).not.toBeNull()
})

test('while the server is away everything stays, in order, and goes out when it is back', async () => {
  let isAway = true
  const sent: string[] = []
  const { outbox, journal } = await outboxThat(async ({ id }) => {
    if (isAway) return { how: 'later', why: 'offline' }
    sent.push(id)
    return { how: 'yes' }
  })
  for (const id of ['1', '2', '3']) await outbox.post(entry(id))
  await outbox.drain()
  expect(outbox.state.getState().trouble).toBe('offline')
  expect(await journal.outbox('u1')).toHaveLength(3)
  isAway = false
  await outbox.drain()
  expect(sent).toEqual(['1', '2', '3'])
  expect(outbox.state.getState().trouble).toBeNull()
})

test('what an earlier tab could not send is sent by the next one', async () => {
  const first = await outboxThat(async () => ({ how: 'later', why: 'offline' }))
  await first.outbox.post(entry('1'))
  first.outbox.close()
  const sent: string[] = []
  const second = await outboxThat(async ({ id }) => {
    sent.push(id)
    return { how: 'yes' }
  })
  await second.outbox.open()
  await until(() => sent.length === 1)
  expect(sent).toEqual(['1'])
})

test('a refusal is kept until it has been seen, and holds up nothing', async () => {
  const { outbox, journal } = await outboxThat(async ({ id }) =>
    id === '1' ? { how: 'no', code: 'task.lease_ended', sentence: 'The time is over.' } : { how: 'yes' },
  )
  await outbox.post(entry('1'))
  await outbox.post(entry('2'))
  await outbox.drain()
  expect(outbox.state.getState().waiting).toEqual([])
  expect(outbox.state.getState().refused.map(({ refusal }) => refusal?.code)).toEqual(['task.lease_ended'])
  await outbox.discard('1')
  expect(await journal.outbox('u1')).toEqual([])
})

test('a refused skip bothers nobody', async () => {
  const { outbox } = await outboxThat(async () => ({ how: 'no', code: 'x', sentence: '' }))
  await outbox.post(entry('1', { on_refusal: 'drop' }))
  await outbox.drain()
  expect(outbox.state.getState()).toMatchObject({ waiting: [], refused: [] })
})

test('an unsent entry can be recalled, a sent one cannot', async () => {
  let isAway = true
  const { outbox } = await outboxThat(async () => (isAway ? { how: 'later', why: 'offline' } : { how: 'yes' }))
  await outbox.post(entry('1'))
  expect(await outbox.recall('1')).toBe(true)
  isAway = false
  await outbox.post(entry('2'))
  await outbox.drain()
  expect(await outbox.recall('2')).toBe(false)
})

test('two tabs never send at the same time', async () => {
  const locks = new FakeLocks()
  let sending = 0
  let most = 0
  const send = async (): Promise<Sent> => {
    most = Math.max(most, ++sending)
    await new Promise((resolve) => setTimeout(resolve, 5))
    sending -= 1
    return { how: 'yes' }
  }
  const [one, two] = [await outboxThat(send, locks.tab()), await outboxThat(send, locks.tab())]
  for (let id = 0; id < 6; id++) await (id % 2 ? one : two).outbox.post(entry(String(id)))
  await until(
    () => one.outbox.state.getState().waiting.length + two.outbox.state.getState().waiting.length === 0,
    6_000,
  )
  expect(most).toBe(1)
})

test('another person on the same browser sees nothing of it', async () => {
  const { outbox, journal } = await outboxThat(async () => ({ how: 'later', why: 'offline' }))
  await outbox.post(entry('1'))
  expect(await journal.outbox('u2')).toEqual([])
})
