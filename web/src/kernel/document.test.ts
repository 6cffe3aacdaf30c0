import { expect, test } from 'vitest'
import { type Command, canRedo, canUndo, EMPTY, type History, redo, run, undo } from './document'

const put = (id: string, value: string): Command => ({
  name: 'put',
  patch: (document) => {
    document[id] = { id, kind: 'test', payload: { value } }
  },
})
const nothing: Command = { name: 'nothing', patch: () => {} }

test('undo gives back exactly what was there, redo exactly what was done', () => {
  const one = run(EMPTY, put('a', '1'))
  const two = run(one, put('a', '2'))
  expect(undo(two).document).toEqual(one.document)
  expect(redo(undo(two)).document).toEqual(two.document)
  expect(undo(undo(two)).document).toEqual({})
})

test('a command that changes nothing leaves no trace', () => {
  expect(run(EMPTY, nothing)).toBe(EMPTY)
  expect(canUndo(run(EMPTY, nothing))).toBe(false)
})

test('a new change ends the way forward', () => {
  const back = undo(run(EMPTY, put('a', '1')))
  expect(canRedo(back)).toBe(true)
  expect(canRedo(run(back, put('b', '1')))).toBe(false)
})

test('what came from elsewhere is not ours to undo', () => {
  const theirs = run(EMPTY, put('a', '1'), 'remote')
  expect(canUndo(theirs)).toBe(false)
  expect(undo(theirs)).toBe(theirs)
})

test('a history survives being stored, undo and redo included', () => {
  const before = undo(run(run(EMPTY, put('a', '1')), put('b', '2')))
  const after = structuredClone(before) as History
  expect(redo(after).document).toEqual(redo(before).document)
  expect(undo(after).document).toEqual(undo(before).document)
})

test('nothing that is handed in is changed', () => {
  const one = run(EMPTY, put('a', '1'))
  const kept = structuredClone(one)
  run(one, put('a', '2'))
  undo(one)
  expect(one).toEqual(kept)
})
