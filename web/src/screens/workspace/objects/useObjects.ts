import { useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import type { Project } from '../../../api/types'
import type { WorkStream } from '../../../kernel/stream'
import type { ZoomSlot } from '../../../modalities/kind'
import { proposalsOf, visibleProposals } from '../../../modalities/objects/proposals'
import { forNextAsset } from '../../../modalities/objects/session'
import type { BenchProps, HandSlot, ObjectEditor, ObjectPayload } from '../../../modalities/objects/types'
import { ObjectWork } from '../../../modalities/objects/work'

/** The objects of the asset in hand, and everything that screens and hands do with them. */
export function useObjects(project: Project, stream: WorkStream, editor: ObjectEditor) {
  const zoom: ZoomSlot = useRef(null)
  const hand: HandSlot = useRef(null)
  const { ontology } = project
  const objects = useMemo(() => {
    const held = () => stream.state.getState().current
    const source = {
      work: () => held()?.work ?? null,
      document: () => held()?.history.document ?? {},
      run: (command: Parameters<WorkStream['run']>[0]) => {
        if (!held()?.leaseEnded) stream.run(command)
      },
    }
    return new ObjectWork(editor, source, ontology)
  }, [stream, editor, ontology])
  const current = useStore(stream.state, (state) => state.current)
  const session = useStore(objects.session)
  const { work, history } = current ?? {}
  const document = history?.document
  const { threshold, dismissed, muted, onlyDifferences } = session
  const all = useMemo(() => (work ? proposalsOf(work) : []), [work])
  const proposals = useMemo(
    () => visibleProposals(editor, all, document ?? {}, { threshold, dismissed, muted, onlyDifferences }),
    [editor, all, document, threshold, dismissed, muted, onlyDifferences],
  )

  const assignment = work?.assignment_id
  // biome-ignore lint/correctness/useExhaustiveDependencies: each asset is looked at from the start
  useEffect(() => forNextAsset(objects.session), [objects, assignment])
  // Undo and redo take away what was selected.
  useEffect(() => {
    const { selection } = objects.session.getState()
    const known = new Set([...Object.keys(document ?? {}), ...proposals.map(({ id }) => id)])
    const left = selection.filter((id) => known.has(id))
    if (left.length !== selection.length) objects.session.setState({ selection: left })
  }, [objects, document, proposals])

  const bench: BenchProps | null =
    work && document ? { asset: work.asset, zoom, hand, objects, document, proposals, classes: ontology.classes } : null
  // The class of what is selected, else the one that the next object gets.
  const selected = session.selection.map((id) => (document?.[id]?.payload as ObjectPayload | undefined)?.label_class)
  const classInHand = selected[0] ?? session.labelClass
  return { objects, session, zoom, hand, bench, all, proposals, classInHand, document: document ?? {} }
}

export type Objects = ReturnType<typeof useObjects>
