import { describe, expect, test } from 'vitest'
import type { Annotation, Attribute, LabelClass, Work } from '../../api/types'
import { EMPTY, type History, run, undo } from '../../kernel/document'
import { annotationsOf, hold, withIds } from '../../kernel/held'
import { asset } from '../../test/fakeProject'
import { imageBoxEditor } from '../image/box/editor'
import { areSame, proposalsOf } from './proposals'
import type { ObjectPayload } from './types'
import { ObjectWork } from './work'

const labelClass = (name: string): LabelClass => ({
  name,
  title: null,
  color: null,
  hotkey: null,
  description: '',
  category_id: null,
})
const attribute = (name: string, part: Partial<Attribute>): Attribute => ({
  name,
  title: null,
  type: 'text',
  options: [],
  required: false,
  minimum: null,
  maximum: null,
  description: '',
  applies_to: null,
  ...part,
})
const ONTOLOGY = {
  classes: [labelClass('car'), labelClass('dog')],
  attributes: [attribute('plate', { applies_to: ['car'] }), attribute('cut', { type: 'checkbox' })],
}
const payload = (label_class: string, x: number, y = 0, size = 10) => ({
  label_class,
  x,
  y,
  width: size,
  height: size,
  attributes: {},
})
const annotation = (label_class: string, x: number, y = 0): Annotation =>
  ({ kind: 'image.box', payload: payload(label_class, x, y) }) as Annotation

/** The work on an image of 100 × 100 as a screen has it, without the screen. */
class Desk {
  history: History = EMPTY
  work: Work
  readonly objects: ObjectWork

  constructor(part: Partial<Work> = {}) {
    const image = asset(0, false)
    this.work = {
      asset: { ...image, media: { ...image.media, width: 100, height: 100 } },
      answers: [],
      predictions: null,
      proposed: null,
      draft: null,
      ...part,
    } as Work
    this.objects = new ObjectWork(
      imageBoxEditor,
      {
        work: () => this.work,
        document: () => this.history.document,
        run: (command) => {
          this.history = run(this.history, command)
        },
      },
      ONTOLOGY,
    )
  }

  draw(...xs: number[]) {
    for (const x of xs) this.objects.add({ x, y: 0, width: 10, height: 10 })
    return this
  }

  payloads = () => Object.values(this.history.document).map((each) => each.payload as ReturnType<typeof payload>)
  selection = () => this.objects.session.getState().selection
}

const predicted = (...scores: number[]): Partial<Work> => ({
  predictions: {
    model: 'Detector',
    model_version_id: 'v',
    version: 1,
    annotations: scores.map((score, place) => ({ ...annotation('dog', place * 20), score })),
  },
})

describe('what is selected', () => {
  test('another class drops the attributes that it has not, and is the class of the next object', () => {
    const desk = new Desk().draw(0)
    desk.objects.setAttribute('plate', 'B-1')
    desk.objects.setAttribute('cut', true)
    desk.objects.setClass('dog')
    expect(desk.payloads()[0]).toMatchObject({ label_class: 'dog', attributes: { cut: true } })
    expect(desk.draw(30).payloads()[1]?.label_class).toBe('dog')
    desk.history = undo(undo(desk.history))
    expect(desk.payloads()[0]).toMatchObject({ label_class: 'car', attributes: { plate: 'B-1', cut: true } })
  })

  test('saying what is said already leaves nothing to undo', () => {
    const desk = new Desk().draw(0)
    desk.objects.setClass('car')
    desk.objects.setAttribute('plate', undefined)
    expect(desk.history.done).toHaveLength(1)
  })

  test('what is locked is neither moved nor deleted nor named anew', () => {
    const desk = new Desk().draw(0, 30)
    desk.objects.selectAll()
    const [first = ''] = desk.selection()
    desk.objects.lock([first])
    desk.objects.move({ dx: 5, dy: 0 })
    desk.objects.setClass('dog')
    expect(desk.payloads().map(({ x, label_class }) => [x, label_class])).toEqual([
      [0, 'car'],
      [35, 'dog'],
    ])
    desk.objects.remove()
    expect(desk.payloads()).toHaveLength(1)
  })

  test('copies lie beside their originals and stay in the image; on another image they keep their place', () => {
    const desk = new Desk().draw(85)
    desk.objects.duplicate()
    expect(desk.payloads()[1]).toMatchObject({ x: 90, y: 12 })
    desk.work = { ...desk.work, asset: { ...desk.work.asset, id: 'next' } }
    desk.history = EMPTY
    desk.objects.paste()
    expect(desk.payloads()[0]).toMatchObject({ x: 90, y: 12 })
  })

  test('what does not fit into a smaller image is not pasted', () => {
    const desk = new Desk().draw(0)
    desk.objects.copy()
    const { asset: before } = desk.work
    desk.work = { ...desk.work, asset: { ...before, id: 'small', media: { ...before.media, width: 5, height: 5 } } }
    desk.history = EMPTY
    desk.objects.paste()
    expect(desk.payloads()).toEqual([])
  })

  test('steps go through objects, then proposals, and end', () => {
    const desk = new Desk(predicted(0.9)).draw(40, 60)
    desk.objects.select([])
    const seen: (string | undefined)[] = []
    while (desk.objects.step(1)) seen.push(desk.selection()[0])
    expect(seen).toEqual([...Object.keys(desk.history.document), 'prediction-0'])
    expect(desk.selection()).toEqual([])
  })
})

describe('proposals', () => {
  test('the surest are first, and those below the threshold are not seen', () => {
    const desk = new Desk(predicted(0.4, 0.9, 0.1))
    expect(desk.objects.proposals().map(({ score }) => score)).toEqual([0.9, 0.4])
    desk.objects.session.setState({ threshold: 0 })
    expect(desk.objects.proposals()).toHaveLength(3)
  })

  test('one by one or all at once they become objects without their score', () => {
    const desk = new Desk(predicted(0.9, 0.8, 0.7))
    desk.objects.accept()
    expect(desk.selection()).toEqual(['prediction-1'])
    desk.objects.acceptAll()
    expect(desk.payloads()).toHaveLength(3)
    expect(annotationsOf(desk.history)[0]).toEqual(annotation('dog', 0))
    expect(desk.objects.proposals()).toEqual([])
    desk.history = undo(desk.history)
    expect(desk.objects.proposals()).toHaveLength(2)
  })

  test('one that was taken and deleted does not come back', () => {
    const desk = new Desk(predicted(0.9))
    desk.objects.acceptAll()
    desk.objects.selectAll()
    desk.objects.remove()
    expect([desk.payloads(), desk.objects.proposals()]).toEqual([[], []])
  })

  test('after a draft from the server, without ids, what was taken is known by its place', () => {
    const desk = new Desk(predicted(0.9, 0.8))
    desk.history = {
      ...EMPTY,
      document: Object.fromEntries(withIds([annotation('dog', 0)]).map((one) => [one.id, one])),
    }
    expect(desk.objects.proposals().map(({ id }) => id)).toEqual(['prediction-1'])
  })

  test('in review only what differs is shown, and one answer can be taken whole', () => {
    const answers = [
      { submission_id: 's1', by: 'A', at: '', annotations: [annotation('dog', 0), annotation('car', 50)] },
      { submission_id: 's2', by: 'B', at: '', annotations: [annotation('dog', 1)] },
    ]
    const desk = new Desk({ answers, proposed: [annotation('dog', 0)] })
    desk.history = hold(desk.work, undefined, () => {}).history
    expect(desk.payloads()).toHaveLength(1)
    expect(desk.objects.proposals().map(({ id }) => id)).toEqual(['answer-s1-1'])
    desk.objects.session.setState({ onlyDifferences: false, muted: new Set(['s1']) })
    expect(desk.objects.proposals().map(({ id }) => id)).toEqual(['answer-s2-0'])
    desk.objects.takeAnswer('s1')
    expect(areSame(annotationsOf(desk.history), answers[0]?.annotations ?? [])).toBe(true)
    desk.history = undo(desk.history)
    expect(areSame(annotationsOf(desk.history), desk.work.proposed ?? [])).toBe(true)
  })

  test('of many answers each is hidden and taken by itself, though their letters come again', () => {
    const answers = Array.from({ length: 27 }, (_, at) => ({
      submission_id: `s${at}`,
      by: String.fromCodePoint(65 + (at % 26)),
      at: '',
      annotations: [annotation('dog', at * 30)],
    }))
    const desk = new Desk({ answers, proposed: [] })
    expect(new Set(desk.objects.proposals().map(({ id }) => id)).size).toBe(27)
    desk.objects.session.setState({ muted: new Set(['s0']) })
    expect(desk.objects.proposals().map(({ answer }) => answer)).toContain('s26')
    desk.objects.takeAnswer('s26')
    expect(annotationsOf(desk.history)).toEqual(answers[26]?.annotations)
  })

  test('order of objects and of fields does not make answers differ; a pixel does', () => {
    const [a, b] = [annotation('dog', 0), annotation('car', 20)]
    const turned = { payload: Object.fromEntries(Object.entries(a.payload).reverse()), kind: a.kind } as Annotation
    expect(areSame([a, b], [b, turned])).toBe(true)
    expect(areSame([a, b], [a, annotation('car', 21)])).toBe(false)
    expect(areSame([a], [a, a])).toBe(false)
  })

  test('nobody proposes, nothing is proposed', () => {
    expect(proposalsOf(new Desk().work)).toEqual([])
  })
})

test('faults are told of the object that has them', () => {
  const desk = new Desk().draw(0, 20)
  const [first = '', second = ''] = Object.keys(desk.history.document)
  desk.objects.place<Partial<ObjectPayload>>('break', new Map([[second, { label_class: 'bird' }]]))
  expect(desk.objects.faults().map(({ id, fault }) => [id, fault.code])).toEqual([[second, 'label_class.unknown']])
  desk.objects.place('break', new Map([[first, { x: 95 }]]))
  expect(desk.objects.faults().map(({ fault }) => fault.code)).toContain('box.outside')
})
