import { expect, test } from 'vitest'
import { type PilotDraft, pilotFaults, pilotOf, recommended } from './pilot'

const words = {
  missing: 'missing',
  numbers: (low: number, high: number) => `${low}..${high}`,
  tooMany: (n: number) => `only ${n}`,
  tooDear: (n: number) => `pays ${n}`,
}
const PILOT = { isWanted: true, n_tasks: 30, overlap: 2 }
const faults = (part: Partial<PilotDraft>, nAssets = 1000, paid: number | null = null) =>
  pilotFaults({ ...PILOT, ...part }, nAssets, paid, words).map(({ where, message }) => `${where}: ${message}`)

test('a pilot is recommended where it is a small part of the work, and never where a model labels', () => {
  expect(recommended(1000, 'routed')).toEqual({ isWanted: true, n_tasks: 30, overlap: 2, why: null })
  expect(recommended(40, 'fixed')).toMatchObject({ isWanted: false, why: 'few' })
  expect(recommended(1000, 'model')).toMatchObject({ isWanted: false, why: 'model' })
})

test('what is recommended can be sent as it is', () => {
  for (const nAssets of [5, 40, 100, 100_000]) expect(faults(recommended(nAssets, 'routed'), nAssets)).toEqual([])
})

test('what the server would refuse or cut is said at its field', () => {
  expect(faults({})).toEqual([])
  expect(faults({ n_tasks: 4, overlap: 0 })).toEqual(['pilot.n_tasks: 5..500', 'pilot.overlap: 1..10'])
  expect(faults({ n_tasks: null })).toEqual(['pilot.n_tasks: missing'])
  expect(faults({}, 29)).toEqual(['pilot.n_tasks: only 29'])
  expect(faults({}, 1000, 59)).toEqual(['pilot.n_tasks: pays 59'])
  expect(faults({}, 1000, 60)).toEqual([])
  expect(faults({ isWanted: false, n_tasks: 0 })).toEqual([])
})

test('a pilot that is not wanted is not sent', () => {
  expect(pilotOf(PILOT)).toEqual({ n_tasks: 30, overlap: 2 })
  expect(pilotOf({ ...PILOT, isWanted: false })).toBeNull()
})
