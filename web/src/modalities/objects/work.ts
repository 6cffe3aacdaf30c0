import type { Attribute, Fault, LabelClass, Work } from '../../api/types'
import type { ImageVector } from '../../geometry/points'
import { add, change, remove, replaceAll } from '../../kernel/commands'
import type { AnnotationId, Command, Document, PlainAnnotation } from '../../kernel/document'
import { newId } from '../../kernel/ids'
import { type AttributeValue, attributesOf } from '../vocabulary'
import { mediaFacts, proposalsOf, visibleProposals } from './proposals'
import { newSession, type ObjectSession, type SessionStore, toggled } from './session'
import type { ObjectEditor, ObjectPayload, Proposal } from './types'

/** Where the document is and how it is changed. */
export interface Source {
  work(): Pick<Work, 'asset' | 'predictions' | 'answers'> | null
  document(): Document
  run(command: Command): void
}

type Ontology = { classes: readonly LabelClass[]; attributes: readonly Attribute[] }

/** A copy lies so far beside its original, in pixels of the original. */
const BESIDE = 12

/** What one can do with the objects of an asset, for a screen that knows no kind. */
export class ObjectWork {
  readonly session: SessionStore
  private copied: { asset: string; annotations: PlainAnnotation[] } | null = null

  constructor(
    readonly editor: ObjectEditor,
    private readonly source: Source,
    readonly ontology: Ontology,
  ) {
    this.session = newSession(ontology.classes[0]?.name ?? null)
  }

  private get state(): ObjectSession {
    return this.session.getState()
  }

  payload(id: AnnotationId): ObjectPayload | null {
    return (this.source.document()[id]?.payload as ObjectPayload | undefined) ?? null
  }

  /** What can be touched of the selection: in the document and not locked. */
  private free(): AnnotationId[] {
    const document = this.source.document()
    return this.state.selection.filter((id) => document[id] && !this.state.locked.has(id))
  }

  proposals(): Proposal[] {
    const work = this.source.work()
    if (!work) return []
    return visibleProposals(this.editor, proposalsOf(work), this.source.document(), this.state)
  }

  // -- selecting -----------------------------------------------------------------------------------------------------

  select(selection: readonly AnnotationId[]): void {
    this.session.setState({ selection })
    // The next object is likely to be one more of these.
    const [first] = selection.map((id) => this.payload(id))
    if (selection.length === 1 && first) this.session.setState({ labelClass: first.label_class })
  }

  selectAll(): void {
    const { hidden, locked } = this.state
    this.select(Object.keys(this.source.document()).filter((id) => !hidden.has(id) && !locked.has(id)))
  }

  /** Select the next object, or proposal after the last one. False when there is none that way. */
  step(by: 1 | -1): boolean {
    const { hidden, selection } = this.state
    const own = Object.keys(this.source.document()).filter((id) => !hidden.has(id))
    const all = [...own, ...this.proposals().map(({ id }) => id)]
    const at = all.indexOf(selection.at(by === 1 ? -1 : 0) ?? '')
    const next = at === -1 ? (by === 1 ? all[0] : all.at(-1)) : all[at + by]
    this.select(next === undefined ? [] : [next])
    return next !== undefined
  }

  // -- changing ------------------------------------------------------------------------------------------------------

  /** A new object of the class in hand. It is selected, so that class and attributes can be said at once. */
  add(geometry: object): void {
    const { labelClass } = this.state
    if (labelClass === null) return
    const id = newId()
    const payload = { label_class: labelClass, ...geometry, attributes: {} }
    this.source.run(add('draw', [{ id, kind: this.editor.kind.name, payload }]))
    this.select([id])
  }

  place<P>(name: string, payloads: ReadonlyMap<AnnotationId, P>): void {
    this.source.run(change<object>(name, [...payloads.keys()], (before, id) => ({ ...before, ...payloads.get(id) })))
  }

  move(by: ImageVector): boolean {
    const asset = this.source.work()?.asset
    const ids = this.free()
    if (!asset || !ids.length) return false
    const payloads = ids.flatMap((id) => this.payload(id) ?? [])
    const moved = this.editor.translated(payloads, by, asset)
    this.place('move', new Map(ids.map((id, place) => [id, moved[place]])))
    return true
  }

  /** The class of the selection, and of what is drawn next. */
  setClass(labelClass: string): void {
    this.session.setState({ labelClass })
    const names = new Set(attributesOf(this.ontology, labelClass).map(({ name }) => name))
    this.source.run(
      change<ObjectPayload>('choose class', this.free(), (payload) => ({
        ...payload,
        label_class: labelClass,
        // Another class has other attributes.
        attributes: Object.fromEntries(Object.entries(payload.attributes).filter(([name]) => names.has(name))),
      })),
    )
  }

  setAttribute(name: string, value: AttributeValue | undefined): void {
    this.source.run(
      change<ObjectPayload>('say attribute', this.free(), (payload) => {
        const { [name]: _, ...others } = payload.attributes
        return { ...payload, attributes: value === undefined ? others : { ...others, [name]: value } }
      }),
    )
  }

  /** Take away what is selected: objects from the document, proposals from sight. */
  remove(): void {
    const { selection, dismissed } = this.state
    const ids = this.free()
    if (ids.length) this.source.run(remove(ids))
    // Neither is a proposal wanted that was taken and then deleted.
    this.session.setState({ selection: [], dismissed: new Set([...dismissed, ...selection]) })
  }

  copy(): void {
    const document = this.source.document()
    const annotations = this.state.selection.flatMap((id) => document[id] ?? [])
    if (annotations.length) this.copied = { asset: this.source.work()?.asset.id ?? '', annotations }
  }

  /** What was copied, beside its original; on another asset at the same place. */
  paste(): void {
    const asset = this.source.work()?.asset
    if (!this.copied || !asset) return
    const beside = this.copied.asset === asset.id ? BESIDE : 0
    const payloads = this.copied.annotations.map(({ payload }) => payload as ObjectPayload)
    const moved = this.editor.translated(payloads, { dx: beside, dy: beside }, asset)
    const facts = mediaFacts(asset)
    const fresh = moved
      // The next image may be smaller.
      .filter(
        (payload) => !this.editor.kind.check(payload, facts, this.vocabulary).some(({ code }) => /outside/.test(code)),
      )
      .map((payload) => ({ id: newId(), kind: this.editor.kind.name, payload }))
    this.source.run(add('paste', fresh))
    this.copied = { asset: asset.id, annotations: fresh }
    this.select(fresh.map(({ id }) => id))
  }

  duplicate(): void {
    this.copy()
    this.paste()
  }

  // -- proposals -----------------------------------------------------------------------------------------------------

  /** Take the selected proposals over, or the first one; the next is then selected. */
  accept(): void {
    const visible = this.proposals()
    const chosen = visible.filter(({ id }) => this.state.selection.includes(id))
    const taken = chosen.length ? chosen : visible.slice(0, 1)
    const [first] = taken
    if (!first) return
    const after = visible.filter((each) => !taken.includes(each))
    const next = after.find((each) => visible.indexOf(each) > visible.indexOf(first)) ?? after[0]
    this.take(taken)
    this.select([next?.id ?? first.id])
  }

  acceptAll(): void {
    const visible = this.proposals()
    this.take(visible)
    this.select([])
  }

  private take(proposals: readonly Proposal[]): void {
    const taken = proposals.map(({ id, annotation: { kind, payload } }) => ({ id, kind, payload }))
    if (taken.length) this.source.run(add('accept', taken))
  }

  /** Take one answer whole in the place of what is here. */
  takeAnswer(submission: string): void {
    const work = this.source.work()
    if (!work) return
    const answer = proposalsOf(work).filter((proposal) => proposal.answer === submission)
    this.source.run(
      replaceAll(
        'take answer',
        answer.map(({ id, annotation }) => ({ id, ...annotation })),
      ),
    )
    this.select([])
  }

  // -- seeing --------------------------------------------------------------------------------------------------------

  hide(ids: readonly AnnotationId[] = this.state.selection): void {
    this.session.setState({ hidden: toggled(this.state.hidden, ids) })
  }

  lock(ids: readonly AnnotationId[] = this.state.selection): void {
    this.session.setState({ locked: toggled(this.state.locked, ids) })
  }

  // -- judging -------------------------------------------------------------------------------------------------------

  get vocabulary() {
    return { classes: this.ontology.classes.map(({ name }) => name), attributes: this.ontology.attributes }
  }

  /** Everything that keeps the document from being handed in, by object. */
  faults(): { id: AnnotationId; fault: Fault }[] {
    const asset = this.source.work()?.asset
    if (!asset) return []
    return Object.values(this.source.document()).flatMap(({ id, payload }) => {
      const reading = this.editor.kind.read(payload)
      const faults =
        'faults' in reading
          ? reading.faults
          : this.editor.kind.check(reading.payload, mediaFacts(asset), this.vocabulary)
      return faults.map((fault) => ({ id, fault }))
    })
  }
}
