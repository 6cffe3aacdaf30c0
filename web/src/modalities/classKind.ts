import type { Fault, KindName, LabelClass, Modality } from '../api/types'
import type { Command, Document } from '../kernel/document'
import type { Kind } from './kind'
import { exactSum } from './sum'

/** One class for the whole asset. */
export type ClassPayload = { label_class: string }

const LONGEST_NAME = 200
/** The one annotation of a whole asset: choosing again replaces it. */
const ANSWER = 'answer'

const malformed = (where: string, message: string): Fault => ({ code: 'payload.malformed', message, where, hint: null })

function read(raw: unknown): { payload: ClassPayload } | { faults: Fault[] } {
  const fields = raw && typeof raw === 'object' ? (raw as Record<string, unknown>) : {}
  const faults = Object.keys(fields)
    .filter((name) => name !== 'label_class')
    .map((name) => malformed(`payload.${name}`, `A class annotation has no field “${name}”.`))
  const name = fields.label_class
  const length = typeof name === 'string' ? [...name].length : 0
  if (typeof name !== 'string' || length < 1 || length > LONGEST_NAME) {
    faults.push(malformed('payload.label_class', `A label class is a name of 1 to ${LONGEST_NAME} characters.`))
  }
  return faults.length ? { faults } : { payload: { label_class: name as string } }
}

/** Unicode code points decide, as in Python: JavaScript's own order goes by UTF-16 units. */
function comesBefore(a: string, b: string): boolean {
  const [left, right] = [[...a], [...b]]
  for (let place = 0; place < Math.min(left.length, right.length); place++) {
    const difference = (left[place]?.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? 0)
    if (difference) return difference < 0
  }
  return left.length < right.length
}

function merge(payloads: readonly ClassPayload[], weights: readonly number[]): ClassPayload {
  const votes = new Map<string, number[]>()
  payloads.forEach(({ label_class }, place) => {
    votes.set(label_class, [...(votes.get(label_class) ?? []), weights[place] ?? 0])
  })
  let best: { name: string; weight: number } | null = null
  for (const [name, given] of votes) {
    const weight = exactSum(given)
    if (!best || weight > best.weight || (weight === best.weight && comesBefore(name, best.name)))
      best = { name, weight }
  }
  return { label_class: best?.name ?? '' }
}

/** The rules of a kind that gives the whole asset one class. */
export function classKind(name: KindName, modality: Modality): Kind<ClassPayload> {
  return {
    name,
    modality,
    read,
    check(payload, media, classes) {
      const faults: Fault[] = []
      if (media.modality !== modality) {
        const message = `${name} is for assets of modality ${modality}, this one is ${media.modality}.`
        faults.push({ code: 'kind.wrong_modality', message, where: 'kind', hint: null })
      }
      if (!classes.includes(payload.label_class)) {
        const message = `“${payload.label_class}” is not a label class of this project.`
        faults.push({ code: 'label_class.unknown', message, where: 'payload.label_class', hint: null })
      }
      return faults
    },
    similarity: (a, b) => (a.label_class === b.label_class ? 1 : 0),
    merge,
  }
}

/** The hand of such a kind: choosing replaces the one annotation, so that a document never holds two answers. */
export function classHand(kind: Kind<ClassPayload>) {
  return {
    answersAtOnce: true,
    choose: (labelClass: string): Command => ({
      name: 'choose class',
      patch: (document) => {
        for (const id of Object.keys(document)) if (id !== ANSWER) delete document[id]
        const before = document[ANSWER]?.payload as ClassPayload | undefined
        if (before?.label_class === labelClass) return
        document[ANSWER] = { id: ANSWER, kind: kind.name, payload: { label_class: labelClass } }
      },
    }),
    chosen: (document: Document): string | null => {
      const answer = Object.values(document).find((annotation) => annotation.kind === kind.name)
      return (answer?.payload as ClassPayload | undefined)?.label_class ?? null
    },
    faults: (document: Document, classes: readonly LabelClass[]): Fault[] => {
      const [answer] = Object.values(document)
      if (!answer)
        return [{ code: 'annotations.empty', message: 'Choose a class first.', where: 'annotations', hint: null }]
      const reading = read(answer.payload)
      if ('faults' in reading) return reading.faults
      const names = classes.map(({ name }) => name)
      const media = { modality: kind.modality, media_type: '', width: null, height: null, length: null }
      return kind.check(reading.payload, media, names)
    },
  }
}
