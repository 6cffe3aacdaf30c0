import type { AnnotationId, Command, PlainAnnotation } from './document'

/** Put annotations into the document; ids that are there already are written over. */
export const add = (name: string, annotations: readonly PlainAnnotation[]): Command => ({
  name,
  patch: (document) => {
    for (const annotation of annotations) document[annotation.id] = annotation
  },
})

export const remove = (ids: readonly AnnotationId[]): Command => ({
  name: 'delete',
  patch: (document) => {
    for (const id of ids) delete document[id]
  },
})

/** Give each of the annotations the payload that is made of its own; the same payload leaves no trace. */
export const change = <P>(
  name: string,
  ids: readonly AnnotationId[],
  of: (payload: P, id: AnnotationId) => P,
): Command => ({
  name,
  patch: (document) => {
    for (const id of ids) {
      const annotation = document[id]
      if (!annotation) continue
      const payload = of(annotation.payload as P, id)
      if (JSON.stringify(payload) !== JSON.stringify(annotation.payload)) annotation.payload = payload
    }
  },
})

/** Put these in the place of everything. */
export const replaceAll = (name: string, annotations: readonly PlainAnnotation[]): Command => ({
  name,
  patch: (document) => {
    for (const id of Object.keys(document)) delete document[id]
    for (const annotation of annotations) document[annotation.id] = annotation
  },
})
