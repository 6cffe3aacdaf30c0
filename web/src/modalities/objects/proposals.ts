import type { Annotation, Asset, Work } from '../../api/types'
import type { Document } from '../../kernel/document'
import type { MediaFacts } from '../kind'
import type { ObjectSession } from './session'
import type { ObjectEditor, ObjectPayload, Proposal } from './types'

/** Two objects of one class that overlap at least this far say the same. */
const THE_SAME = 0.8

/** What a kind may ask of an asset. */
export function mediaFacts({ media }: Asset): MediaFacts {
  const { media_type, width, height, length } = media
  const modality = media_type.startsWith('image/') ? 'image' : 'text'
  return { modality, media_type, width: width ?? null, height: height ?? null, length: length ?? null }
}

/** Everything that others say of the asset: a model while labelling, annotators while judging. */
export function proposalsOf({ predictions, answers }: Pick<Work, 'predictions' | 'answers'>): Proposal[] {
  const predicted = (predictions?.annotations ?? []).map(({ kind, payload, score }, place) => ({
    id: `prediction-${place}`,
    annotation: { kind, payload } as Annotation,
    score,
    by: null,
    answer: null,
  }))
  const answered = answers.flatMap(({ submission_id: answer, by, annotations }) =>
    annotations.map((annotation, place) => ({ id: `answer-${answer}-${place}`, annotation, score: null, by, answer })),
  )
  return [...predicted.sort((a, b) => b.score - a.score), ...answered]
}

type Seen = Pick<ObjectSession, 'threshold' | 'dismissed' | 'muted' | 'onlyDifferences'>

/** Those that are to be seen: neither taken nor dismissed, sure enough, and of answers what differs. */
export function visibleProposals(
  editor: ObjectEditor,
  proposals: readonly Proposal[],
  document: Document,
  { threshold, dismissed, muted, onlyDifferences }: Seen,
): Proposal[] {
  const said = Object.values(document).map(({ payload }) => payload as ObjectPayload)
  const isSaid = (payload: ObjectPayload) => said.some((one) => editor.kind.similarity(one, payload) >= THE_SAME)
  return proposals.filter(({ id, score, answer, annotation }) => {
    if (document[id] || dismissed.has(id)) return false
    // A draft that comes from the server has lost the ids: what was taken is then known by its place.
    if (answer === null) return (score ?? 1) >= threshold && !isSaid(annotation.payload as ObjectPayload)
    return !muted.has(answer) && !(onlyDifferences && isSaid(annotation.payload as ObjectPayload))
  })
}

/** Whether two sets of annotations say the same in every letter, whatever their order. */
export function areSame(a: readonly Annotation[], b: readonly Annotation[]): boolean {
  const spelled = (annotations: readonly Annotation[]) =>
    annotations.map(({ kind, payload }) => canonical({ kind, payload })).sort()
  return a.length === b.length && JSON.stringify(spelled(a)) === JSON.stringify(spelled(b))
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join()}}`
}
