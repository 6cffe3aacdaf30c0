import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Project } from '../../api/types'
import type { WorkStream } from '../../kernel/stream'
import { useKeymap } from '../../kernel/useKeymap'
import type { ClassEditor, ZoomSlot } from '../../modalities/kind'
import { ClassMark } from '../common/ClassMark'
import { type Side, useClassActions, useCommonActions } from './actions'
import { ClassPanel } from './ClassPanel'
import { Frame } from './Frame'

/** Labelling and blind checking: one asset, one question, one key. */
type Props = { project: Project; stream: WorkStream; editor: ClassEditor }

export function Labelling({ project, stream, editor }: Props) {
  const { t } = useLingui()
  const { classes } = project.ontology
  const state = useStore(stream.state)
  const zoom: ZoomSlot = useRef(null)
  const [side, show] = useState<Side>(null)
  const [fault, setFault] = useState<string | null>(null)
  const sideNow = useRef(side)
  sideNow.current = side
  const [atOnce, setAtOnce] = useLocalStorage({ key: 'karat-answer-at-once', defaultValue: true })
  const { current } = state
  const chosen = current ? editor.chosen(current.history.document) : null
  const last = editor.chosen(state.sent.at(-1)?.held.history.document ?? {})

  // biome-ignore lint/correctness/useExhaustiveDependencies: a fault belongs to the asset it was said of
  useEffect(() => setFault(null), [current?.work.assignment_id, chosen])

  const submit = () => {
    const held = stream.state.getState().current
    if (!held || held.leaseEnded) return
    const [first] = editor.faults(held.history.document, classes)
    if (first) setFault(first.code === 'annotations.empty' ? t`Choose a class first.` : first.message)
    else void stream.submit()
  }
  const choose = (name: string) => {
    stream.run(editor.choose(name))
    if (atOnce && editor.answersAtOnce) submit()
  }
  const skip = () => void stream.skip('skipped')

  const common = useCommonActions({ stream, zoom, side: sideNow, show, skip })
  const answers = useClassActions(classes, choose)
  const keys = useKeymap([
    ...answers,
    { id: 'submit', keys: ['Enter'], title: t`Hand in`, group: t`Work`, run: submit },
    ...common,
  ])

  return (
    <Frame
      project={project}
      stream={stream}
      state={state}
      keys={keys}
      side={side}
      show={show}
      zoom={zoom}
      asset={current && <editor.View asset={current.work.asset} zoom={zoom} />}
      last={last && <ClassMark name={last} classes={classes} />}
      fault={fault}
      about={chosen}
      actions={
        <>
          <Button size="xs" variant="default" disabled={!current} onClick={skip}>
            <Trans>Skip</Trans>
          </Button>
          <Button size="xs" disabled={!chosen || current?.leaseEnded} onClick={submit}>
            <Trans>Submit</Trans>
          </Button>
        </>
      }
      panel={
        <ClassPanel
          classes={classes}
          chosen={chosen}
          disabled={!current || current.leaseEnded}
          choose={choose}
          atOnce={atOnce}
          setAtOnce={setAtOnce}
        />
      }
    />
  )
}
