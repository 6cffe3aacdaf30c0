import type { Annotation, Answer, TaskDetail } from '../../api/types'
import type { Document } from '../../kernel/document'
import { toggled } from '../../modalities/objects/session'
import type { ObjectEditor } from '../../modalities/objects/types'
import { ObjectWork } from '../../modalities/objects/work'

/** What somebody said of the objects of a task, with the letter that it has on the asset. */
export type Saying = Answer & { name: string | null; what: string }

/** Everybody's last word of each sort, in the order in which they said it; what was taken back is not theirs any more. */
export function sayingsOf({ history }: Pick<TaskDetail, 'history'>): Saying[] {
  const last = new Map<string, TaskDetail['history'][number]>()
  for (const entry of history) {
    if (entry.annotations === null) continue
    const key = `${entry.what} ${entry.by_id}`
    last.delete(key)
    if (entry.detail !== 'taken back') last.set(key, entry)
  }
  return [...last.values()].map(({ what, by_id, by_name, at, annotations }, place) => ({
    submission_id: `${what} ${by_id}`,
    by: String.fromCodePoint(65 + (place % 26)),
    name: by_name,
    what,
    annotations: annotations ?? [],
    at,
  }))
}

/** The label as a document. Its ids are of no meaning beyond it. */
export const labelOf = (annotations: readonly Annotation[] | null): Document =>
  Object.fromEntries((annotations ?? []).map((each, place) => [`label-${place}`, { id: `label-${place}`, ...each }]))

/** What is marked on the asset, to be looked at with the editor's own hand, which holds nothing that it could change. */
export function shownWork(
  now: () => TaskDetail,
  editor: ObjectEditor,
  ontology: ConstructorParameters<typeof ObjectWork>[2],
): ObjectWork {
  const work = () => ({ asset: now().asset, predictions: null, answers: sayingsOf(now()) })
  const document = () => labelOf(now().annotations)
  const objects = new ObjectWork(editor, { work, document, run: () => {} }, ontology)
  objects.session.setState({ mode: 'select', labelClass: null, locked: new Set(Object.keys(document())) })
  return objects
}

/** Show the label, or hide it, with one eye for all of it. */
export const toggleLabel = ({ session }: ObjectWork, label: Document): void =>
  session.setState({ hidden: toggled(session.getState().hidden, Object.keys(label)) })
