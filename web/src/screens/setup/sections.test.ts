import { expect, test } from 'vitest'
import type { Asset, Section } from '../../api/types'
import { fault } from './faults'
import {
  atPlaces,
  classesWithout,
  type DraftClass,
  type DraftSection,
  draftSections,
  newSection,
  sectionFaults,
  sentSections,
  shownSections,
} from './sections'

const words = {
  nameless: 'nameless',
  empty: 'empty',
  noClass: 'no class',
  repeated: 'repeated',
  gone: 'gone',
  exampleTwice: 'twice',
}
const label = (key: string, name: string): DraftClass => ({
  key,
  name,
  title: null,
  color: null,
  hotkey: null,
  description: '',
  category_id: null,
})
const CLASSES = [label('1', 'car'), label('2', 'dog')]
const example = (asset_id: string) => ({ asset_id, caption: '' })
const section = (part: Partial<DraftSection>) => ({ ...newSection(), title: 'T', text: 'x', ...part })
const faults = (sections: DraftSection[], isThere: (id: string) => boolean | null = () => true) =>
  sectionFaults(sections, CLASSES, isThere, words).map(({ where, message }) => `${where}: ${message}`)

test('a class that gets another name keeps its section', () => {
  const sent: Section[] = [{ label_class: 'car', title: '', text: 'with wheels', good: [example('a')], bad: [] }]
  const drafts = draftSections(sent, CLASSES)
  expect(sentSections(drafts, CLASSES).sent).toEqual(sent)
  expect(sentSections(drafts, [label('1', 'vehicle'), label('2', 'car')]).sent[0]?.label_class).toBe('vehicle')
})

test('a section that says nothing is left out, and what the server says of the rest finds its place', () => {
  const { sent, places } = sentSections([newSection(), section({}), newSection('1'), section({ title: 'U' })], CLASSES)
  expect(sent.map(({ title }) => title)).toEqual(['T', 'U'])
  expect(atPlaces([fault('sections.1.good.0.asset_id', 'x', 'y'), fault('name', 'x', 'y')], places)).toMatchObject([
    { where: 'sections.3.good.0.asset_id' },
    { where: 'name' },
  ])
})

test('every fault is told at its place', () => {
  expect(faults([section({}), newSection()])).toEqual([])
  expect(faults([section({ title: ' ' }), section({ text: '' })])).toEqual([
    'sections.0.title: nameless',
    'sections.1.text: empty',
  ])
  expect(faults([section({ about: '1' }), section({ about: '1' }), section({ about: '9' })])).toEqual([
    'sections.1.label_class: repeated',
    'sections.2.label_class: no class',
  ])
  expect(faults([section({ good: [example('a')], bad: [example('a')] })])).toEqual(['sections.0.bad.0.asset_id: twice'])
})

test('an asset is gone when the dataset is known not to have it, and not before', () => {
  const drafts = [section({ good: [example('a'), example('b')] })]
  expect(faults(drafts, (id) => id === 'b')).toEqual(['sections.0.good.0.asset_id: gone'])
  expect(faults(drafts, () => null)).toEqual([])
})

test('what people will read has the assets that are known, each with its caption', () => {
  const asset = { id: 'a', name: 'a.png' } as Asset
  const drafts = [section({ about: '2', good: [{ asset_id: 'a', caption: 'a dog' }, example('gone')] })]
  expect(shownSections(drafts, CLASSES, new Map([['a', asset]]))).toEqual([
    { label_class: 'dog', title: 'T', text: 'x', good: [{ asset, caption: 'a dog' }], bad: [] },
  ])
})

test('a section is offered for each class that has none', () => {
  expect(classesWithout([section({ about: '2' })], [...CLASSES, label('3', ' ')]).map(({ name }) => name)).toEqual([
    'car',
  ])
})
