import type { Fault, KindName, LabelClass, Modality } from '../api/types'
import type { Command, Document } from '../kernel/document'
import type { Kind } from './kind'
import { checkClass } from './vocabulary'
import { mostVotes } from './votes'

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

const merge = (payloads: readonly ClassPayload[], weights: readonly number[]): ClassPayload => ({
  label_class: mostVotes(
    payloads.map(({ label_class }) => label_class),
    weights,
  ),
})

/** The rules of a kind that gives the whole asset one class. */
export function classKind(name: KindName, modality: Modality): Kind<ClassPayload> {
  return {
    name,
    modality,
    read,
    check(payload, media, vocabulary) {
      const faults: Fault[] = []
      if (media.modality !== modality) {
        const message = `${name} is for assets of modality ${modality}, this one is ${media.modality}.`
        faults.push({ code: 'kind.wrong_modality', message, where: 'kind', hint: null })
      }
      return [...faults, ...checkClass(payload.label_class, vocabulary)]
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
      return kind.check(reading.payload, media, { classes: names, attributes: [] })
    },
  }
}
