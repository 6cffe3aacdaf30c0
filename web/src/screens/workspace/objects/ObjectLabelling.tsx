import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Project } from '../../../api/types'
import type { WorkStream } from '../../../kernel/stream'
import { useKeymap } from '../../../kernel/useKeymap'
import type { ObjectEditor } from '../../../modalities/objects/types'
import { type Side, useClassActions, useCommonActions } from '../actions'
import { Frame } from '../Frame'
import { Announcer } from './Announcer'
import { ObjectPanel } from './ObjectPanel'
import { useObjectActions, useProposalActions } from './objectActions'
import { PredictionPanel } from './ProposalPanel'
import { ToolRail } from './ToolRail'
import { useFirstFault } from './useFaults'
import { useObjects } from './useObjects'

type Props = { project: Project; stream: WorkStream; editor: ObjectEditor }

/** Labelling and checking of kinds of which an asset can have any number. */
export function ObjectLabelling({ project, stream, editor }: Props) {
  const { t } = useLingui()
  const { classes } = project.ontology
  const state = useStore(stream.state)
  const work = useObjects(project, stream, editor)
  const { objects, session, zoom, hand, bench, document } = work
  const [side, show] = useState<Side>(null)
  const sideNow = useRef(side)
  sideNow.current = side
  const [fault, setFault] = useState<string | null>(null)
  const firstFault = useFirstFault(work)
  const { current } = state

  // biome-ignore lint/correctness/useExhaustiveDependencies: a fault belongs to the document it was said of
  useEffect(() => setFault(null), [current?.work.assignment_id, document])

  const submit = () => {
    const held = stream.state.getState().current
    if (!held || held.leaseEnded) return
    const found = firstFault()
    setFault(found)
    if (!found) void stream.submit()
  }
  const confirm = () => {
    if (!hand.current?.confirm()) submit()
  }
  const skip = () => void stream.skip('skipped')
  const common = useCommonActions({
    stream,
    zoom,
    side: sideNow,
    show,
    skip,
    onBack: () => {
      if (!session.selection.length) return false
      objects.remove()
      return true
    },
    onEscape: () => {
      if (hand.current?.cancel()) return true
      if (!session.selection.length) return false
      objects.select([])
      return true
    },
  })
  const answers = useClassActions(classes, (name) => objects.setClass(name))
  const own = useObjectActions(work)
  const proposed = useProposalActions(work)
  const keys = useKeymap([
    ...answers,
    { id: 'submit', keys: ['Enter'], title: t`Hand in`, group: t`Work`, run: confirm },
    ...own,
    ...proposed,
    ...common,
  ])
  const count = Object.keys(document).length
  const last = state.sent.at(-1)
  const lastCount = Object.keys(last?.held.history.document ?? {}).length
  const predictions = current?.work.predictions

  return (
    <Frame
      project={project}
      stream={stream}
      state={state}
      keys={keys}
      side={side}
      show={show}
      zoom={zoom}
      isWide
      asset={
        bench && (
          <>
            <editor.Bench {...bench} />
            <ToolRail keys={keys} session={session} />
            <Announcer work={work} classes={classes} />
          </>
        )
      }
      last={last && <Plural value={lastCount} _0="no objects" one="# object" other="# objects" />}
      fault={fault}
      about={work.classInHand}
      actions={
        <>
          <Button size="xs" variant="default" disabled={!current} onClick={skip}>
            <Trans>Skip</Trans>
          </Button>
          <Button size="xs" disabled={!current || current.leaseEnded} onClick={submit}>
            <Plural value={count} _0="Submit: no objects" one="Submit # object" other="Submit # objects" />
          </Button>
        </>
      }
      panel={
        <ObjectPanel
          work={work}
          classes={classes}
          disabled={!current || current.leaseEnded}
          othersTitle={t`Predictions`}
          others={predictions && <PredictionPanel {...work} predictions={predictions} />}
        />
      }
    />
  )
}
