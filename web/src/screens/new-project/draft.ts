import type { Attribute, Dataset, Id, KindName, NewProject, ProjectTemplate } from '../../api/types'
import type { Editor } from '../../modalities/kind'
import { type PilotDraft, pilotOf, recommended } from '../setup/pilot'
import { type DraftClass, type DraftSection, draftSections, keyed, sentSections, withoutKey } from '../setup/sections'
import { draftOf, type TargetDraft, targetOf, USUAL } from '../setup/target'
import { tidied } from './attributes'
import { withKeys } from './classes'

/** A project as it is being set up. Attributes apply to classes by their keys. */
export type Draft = {
  step: number
  /** The furthest step that was reached. */
  reached: number
  name: string
  dataset: Id | null
  template: string | null
  kind: KindName | null
  classes: DraftClass[]
  attributes: Attribute[]
  instructions: string
  sections: DraftSection[]
  target: TargetDraft
  /** null as long as the recommendation holds. */
  pilot: PilotDraft | null
}

export const EMPTY: Draft = {
  step: 0,
  reached: 0,
  name: '',
  dataset: null,
  template: null,
  kind: null,
  classes: [],
  attributes: [],
  instructions: '',
  sections: [],
  target: draftOf(USUAL, false),
  pilot: null,
}

/** True as soon as there is something that one would not want to lose. */
export const isBegun = (draft: Draft): boolean =>
  JSON.stringify({ ...draft, step: 0, reached: 0 }) !==
  JSON.stringify({ ...EMPTY, dataset: draft.dataset, name: draft.name })

/** The draft as a template has it. Data, name, budget and pilot stay: they are one's own. */
export function fromTemplate(draft: Draft, template: ProjectTemplate, ofObjects: boolean): Draft {
  const classes = withKeys(template.classes).map(keyed)
  const keyOf = (name: string) => classes.find((each) => each.name === name)?.key ?? name
  return {
    ...draft,
    template: template.name,
    kind: template.kind,
    classes,
    attributes: template.attributes.map((each) => ({ ...each, applies_to: each.applies_to?.map(keyOf) ?? null })),
    instructions: template.instructions,
    sections: draftSections(template.sections, classes),
    target: { ...draftOf(template.target, ofObjects), budget: draft.target.budget },
  }
}

/** Nothing of a template, nor of what was written in its place. */
export const withoutTemplate = (draft: Draft): Draft => ({
  ...draft,
  template: null,
  classes: EMPTY.classes,
  attributes: EMPTY.attributes,
  instructions: EMPTY.instructions,
  sections: EMPTY.sections,
  target: { ...EMPTY.target, budget: draft.target.budget },
})

/**
 * The draft with other classes. The section of a class that goes, goes with it; one with examples, which somebody has chosen,
 * stays as a section about everything under the name of the class.
 */
export function withClasses(draft: Draft, classes: DraftClass[]): Draft {
  const isLeft = new Set(classes.map(({ key }) => key))
  const gone = new Map(draft.classes.flatMap(({ key, name, title }) => (isLeft.has(key) ? [] : [[key, title || name]])))
  const sections = draft.sections.flatMap((section) => {
    const name = section.about === null ? undefined : gone.get(section.about)
    if (name === undefined) return [section]
    if (!section.good.length && !section.bad.length) return []
    return [{ ...section, about: null, title: section.title || name }]
  })
  return { ...draft, classes, sections }
}

export const pilotDraftOf = (draft: Draft, nAssets: number): PilotDraft =>
  draft.pilot ?? recommended(nAssets, draft.target.way)

/** The project as it is sent, and at which place of the draft each of its sections was. */
export function bodyOf(draft: Draft, dataset: Dataset, editor: Editor): { body: NewProject; places: number[] } {
  const { sent, places } = sentSections(draft.sections, draft.classes)
  const nameOf = new Map(draft.classes.map(({ key, name }) => [key, name.trim()]))
  const keys = draft.classes.map(({ key }) => key)
  const attributes = editor.answers === 'objects' ? tidied(draft.attributes, keys) : []
  const body: NewProject = {
    name: draft.name.trim(),
    dataset_id: dataset.id,
    kind: editor.kind.name,
    classes: draft.classes.map((each) => ({ ...withoutKey(each), name: each.name.trim(), title: each.title || null })),
    attributes: attributes.map((each) => ({
      ...each,
      applies_to: each.applies_to?.map((key) => nameOf.get(key) ?? key) ?? null,
    })),
    instructions: draft.instructions,
    sections: sent,
    target: targetOf(draft.target),
    pilot: pilotOf(pilotDraftOf(draft, dataset.n_assets)),
  }
  return { body, places }
}
