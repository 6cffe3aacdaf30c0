import { expect, test } from 'vitest'
import type { Annotation, TaskDetail, TaskEvent } from '../../api/types'
import { imageBoxEditor } from '../../modalities/image/box/editor'
import { labelOf, sayingsOf, shownWork, toggleLabel } from './taskObjects'

const box = (x: number): Annotation => ({
  kind: 'image.box',
  payload: { label_class: 'cup', x, y: 0, width: 10, height: 10, attributes: {} },
})

const said = (by: string, what: string, annotations: Annotation[] | null, detail: string | null = null): TaskEvent => ({
  at: '2026-11-22T09:00:00Z',
  what,
  by_id: by,
  by_name: by,
  label: null,
  n_objects: annotations?.length ?? null,
  annotations,
  detail,
})

const task = (annotations: Annotation[] | null, ...history: TaskEvent[]) =>
  ({ annotations, history, asset: { id: 'a' } }) as unknown as TaskDetail

test('everybody has a letter, in the order in which they spoke', () => {
  const sayings = sayingsOf(task(null, said('Ann', 'submitted', [box(1)]), said('Ben', 'submitted', [])))
  expect(sayings.map(({ by, name, annotations }) => [by, name, annotations.length])).toEqual([
    ['A', 'Ann', 1],
    ['B', 'Ben', 0],
  ])
})

test('an answer that was taken back is nobody’s, the one after it counts', () => {
  const back = said('Ann', 'submitted', [box(1)], 'taken back')
  expect(sayingsOf(task(null, back))).toEqual([])
  const [only] = sayingsOf(task(null, back, said('Ann', 'submitted', [box(2)])))
  expect(only?.annotations).toEqual([box(2)])
})

test('what somebody answered and what they decided as a reviewer are two things', () => {
  const both = task(
    null,
    said('Ann', 'submitted', [box(1)]),
    said('Ann', 'reviewed', [box(2)]),
    said('B', 'skipped', null),
  )
  expect(sayingsOf(both).map(({ what }) => what)).toEqual(['submitted', 'reviewed'])
})

test('the label can be looked at and walked through, and nothing of it moves', () => {
  const shown = task([box(1), box(30)])
  const objects = shownWork(() => shown, imageBoxEditor, { classes: [], attributes: [] })
  objects.selectAll()
  expect(objects.session.getState().selection).toEqual([])
  expect(objects.step(1)).toBe(true)
  expect(objects.session.getState().selection).toEqual(['label-0'])
  expect(objects.move({ dx: 5, dy: 5 } as never)).toBe(false)
  objects.add({ x: 0, y: 0, width: 5, height: 5 })
  objects.remove()
  expect(Object.keys(labelOf(shown.annotations))).toEqual(['label-0', 'label-1'])
})

test('one eye hides all of the label and shows it again', () => {
  const shown = task([box(1), box(30)])
  const objects = shownWork(() => shown, imageBoxEditor, { classes: [], attributes: [] })
  const label = labelOf(shown.annotations)
  toggleLabel(objects, label)
  expect([...objects.session.getState().hidden]).toEqual(['label-0', 'label-1'])
  toggleLabel(objects, label)
  expect(objects.session.getState().hidden.size).toBe(0)
})
