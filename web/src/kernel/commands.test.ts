import { expect, test } from 'vitest'
import { add, change, remove, replaceAll } from './commands'
import { EMPTY, redo, run, undo } from './document'

const one = { id: 'a', kind: 'k', payload: { n: 1 } }
const two = { id: 'b', kind: 'k', payload: { n: 2 } }

test.each([
  ['add', add('more', [two])],
  ['remove', remove(['a'])],
  ['change', change<{ n: number }>('count', ['a'], ({ n }) => ({ n: n + 1 }))],
  ['replace all', replaceAll('take', [two])],
])('%s can be undone and done again to the letter', (_, command) => {
  const before = run(EMPTY, add('first', [one]))
  const after = run(before, command)
  expect(after.document).not.toEqual(before.document)
  expect(undo(after).document).toEqual(before.document)
  expect(redo(undo(after)).document).toEqual(after.document)
})

test('what is not there is neither changed nor removed, and leaves no trace', () => {
  const before = run(EMPTY, add('first', [one]))
  expect(run(before, remove(['gone']))).toBe(before)
  expect(
    run(
      before,
      change('count', ['gone'], () => ({})),
    ),
  ).toBe(before)
  expect(
    run(
      before,
      change('count', ['a'], (payload) => payload),
    ),
  ).toBe(before)
})
