import { expect, test } from 'vitest'
import { planned, refusedOf } from './uploadPlan'

const picked = (name: string, content = 'abc') => ({ name, file: new File([content], name) })
const known = (position: number, name: string, offset: number, size = 3) => ({ position, name, size, offset })

test('what has arrived is gone on with, and what is new comes after it', () => {
  const plan = planned([known(0, 'a', 3), known(1, 'b', 1)], [picked('b'), picked('c')], new Set())
  expect(plan.rows.map(({ position, sent }) => [position, sent])).toEqual([
    [0, 3],
    [1, 1],
  ])
  expect([...plan.blobs.keys()]).toEqual([1])
  expect(plan.fresh.map(({ name }) => name)).toEqual(['c'])
  expect(plan.lost).toEqual([])
})

test('a file of the same name and another size is another file', () => {
  const plan = planned([known(0, 'a', 1)], [picked('a', 'longer')], new Set())
  expect(plan.lost.map(({ name }) => name)).toEqual(['a'])
  expect(plan.fresh.map(({ name }) => name)).toEqual(['a'])
})

test('what was left out is neither sent nor missed, chosen or not', () => {
  const plan = planned([known(0, 'a', 1), known(1, 'b', 0)], [picked('b')], new Set([0, 1]))
  expect(plan).toEqual({ rows: [], blobs: new Map(), fresh: [], lost: [] })
})

test('the server names refused files by their places', () => {
  const part = [picked('a'), picked('b'), picked('c')]
  expect(refusedOf(part, { refused: [0, 2] })?.picked.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(refusedOf(part, {})).toBeNull()
})
