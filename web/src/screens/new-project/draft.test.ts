import { beforeEach, expect, test } from 'vitest'
import type { Dataset, LabelClass, ProjectTemplate } from '../../api/types'
import { editorOf } from '../../modalities'
import { type DraftClass, keyed, newSection } from '../setup/sections'
import { USUAL } from '../setup/target'
import { newAttribute } from './attributes'
import { bodyOf, type Draft, EMPTY, fromTemplate, isBegun, withClasses, withoutTemplate } from './draft'
import { keepDraft, keptDraft } from './kept'

const label = (name: string) => ({
  name,
  title: name.toUpperCase(),
  color: '#123456',
  hotkey: null,
  description: `a ${name}`,
  category_id: null,
})
const TEMPLATE: ProjectTemplate = {
  name: 'street',
  title: 'Streets',
  summary: '',
  kind: 'image.box',
  modality: 'image',
  classes: [label('car'), label('dog')],
  attributes: [{ ...newAttribute(), name: 'legs', type: 'number', applies_to: ['dog'] }],
  instructions: 'Look.',
  sections: [
    { title: 'Boxes', label_class: null, text: 'Draw.', good: [], bad: [] },
    { title: '', label_class: 'dog', text: 'With its tail.', good: [], bad: [] },
  ],
  target: { ...USUAL, error: 0.1, overlap: 2 },
}
const DATASET: Dataset = { id: 'd', name: 'Data', modality: 'image', n_assets: 500, n_bytes: 1, created_at: '' }
const BOXES = editorOf('image.box')
const filled = fromTemplate({ ...EMPTY, name: ' Streets ' }, TEMPLATE, true)
const sent = (draft: Draft) => bodyOf(draft, DATASET, BOXES).body

test('a template fills everything in, and is sent as it is when nothing is changed', () => {
  const body = sent(filled)
  expect(body).toMatchObject({
    name: 'Streets',
    dataset_id: 'd',
    kind: 'image.box',
    classes: TEMPLATE.classes.map((each, at) => ({ ...each, hotkey: String(at + 1) })),
    attributes: TEMPLATE.attributes,
    instructions: 'Look.',
    sections: TEMPLATE.sections,
    target: TEMPLATE.target,
  })
  expect(body.classes?.every((each) => !('key' in each))).toBe(true)
})

test('a template takes the place of what was there, but not of data, name and budget', () => {
  const budget = { ...EMPTY.target.budget, limit: 'answers' as const, max_answers: 7 }
  const own = { ...EMPTY, dataset: 'd', name: 'Mine', instructions: 'Old', target: { ...EMPTY.target, budget } }
  const draft = fromTemplate(own, TEMPLATE, true)
  expect([draft.dataset, draft.name, draft.target.budget.max_answers]).toEqual(['d', 'Mine', 7])
  expect(draft.instructions).toBe('Look.')
  const empty = withoutTemplate(draft)
  expect([empty.classes, empty.sections, empty.attributes, empty.instructions]).toEqual([[], [], [], ''])
  expect(empty.target.budget.max_answers).toBe(7)
})

test('a class that gets another name keeps its section and its attributes', () => {
  const classes = filled.classes.map((each) => (each.name === 'dog' ? { ...each, name: 'cat' } : each))
  const body = sent({ ...filled, classes })
  expect(body.attributes?.[0]?.applies_to).toEqual(['cat'])
  expect(body.sections?.[1]?.label_class).toBe('cat')
})

test('attributes are kept for objects only', () => {
  const body = bodyOf(filled, DATASET, editorOf('image.class')).body
  expect(body.attributes).toEqual([])
})

test('the recommended pilot holds until somebody says otherwise', () => {
  expect(sent(filled).pilot).toEqual({ n_tasks: 30, overlap: 2 })
  expect(bodyOf(filled, { ...DATASET, n_assets: 20 }, BOXES).body.pilot).toBeNull()
  expect(sent({ ...filled, pilot: { isWanted: false, n_tasks: 30, overlap: 2 } }).pilot).toBeNull()
})

test('the places of sections that were sent are those of the draft', () => {
  const sections = [newSection(), ...filled.sections]
  expect(bodyOf({ ...filled, sections }, DATASET, BOXES).places).toEqual([1, 2])
})

beforeEach(() => localStorage.clear())

test('a draft comes back as it was, for whoever wrote it and for nobody else', () => {
  expect(keepDraft('ada', filled)).toBe(true)
  expect(keptDraft('ada')).toEqual(filled)
  expect(keptDraft('bilal')).toBeNull()
  keepDraft('ada', null)
  expect(keptDraft('ada')).toBeNull()
})

test('what is kept but cannot be read is left alone', () => {
  for (const kept of ['{', 'null', '{"form":0}', '{"form":1}', '{"form":1,"draft":{"step":0,"classes":"no"}}']) {
    localStorage.setItem('karat-new-project-ada', kept)
    expect(keptDraft('ada')).toBeNull()
  }
})

test('a project is begun by what is written, not by the data and the name that were proposed', () => {
  expect(isBegun(EMPTY)).toBe(false)
  expect(isBegun({ ...EMPTY, dataset: 'd', name: 'Data', step: 2, reached: 3 })).toBe(false)
  expect(isBegun(filled)).toBe(true)
})

test('the section of a class that goes, goes with it, and what was chosen for it stays', () => {
  const [cat, dog, cow] = ['cat', 'dog', 'cow'].map((name) => keyed({ name } as LabelClass)) as [
    DraftClass,
    DraftClass,
    DraftClass,
  ]
  const example = { asset_id: 'a', caption: '' }
  const sections = [
    newSection(null, 'all'),
    newSection(cat.key, 'meows'),
    newSection(dog.key, 'barks'),
    { ...newSection(cow.key, 'moos'), good: [example] },
  ]
  const left = withClasses({ ...EMPTY, classes: [cat, dog, cow], sections }, [cat])
  expect(left.sections.map(({ about, text, title }) => [about, text, title])).toEqual([
    [null, 'all', ''],
    [cat.key, 'meows', ''],
    [null, 'moos', 'cow'],
  ])
})
