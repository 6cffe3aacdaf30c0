import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useReviewReasons } from '../../api/queries'
import type { Project, ReviewReasonCode, Verdict } from '../../api/types'
import { EMPTY, historyOf, run } from '../../kernel/document'
import { annotationsOf, withIds } from '../../kernel/held'
import type { WorkStream } from '../../kernel/stream'
import { useKeymap } from '../../kernel/useKeymap'
import type { ClassEditor, ZoomSlot } from '../../modalities/kind'
import { type Side, useClassActions, useCommonActions } from './actions'
import { Frame } from './Frame'
import { ReviewPanel } from './ReviewPanel'
import { useReviewActions } from './reviewActions'

/** Judging answers: accept one, fix it with a class, or reject all; the last two say why. */
type Props = { project: Project; stream: WorkStream; editor: ClassEditor }

export function Reviewing({ project, stream, editor }: Props) {
  const { t } = useLingui()
  const { classes } = project.ontology
  const state = useStore(stream.state)
  const reasons = useReviewReasons(editor.kind.name).data?.items ?? []
  const zoom: ZoomSlot = useRef(null)
  const [side, show] = useState<Side>(null)
  const [at, setAt] = useState(0)
  const [asking, setAsking] = useState<{ verdict: Verdict; label: string | null } | null>(null)
  const sideNow = useRef(side)
  sideNow.current = side
  const { current } = state
  const answers = current?.work.answers ?? []
  const selected = answers[at] ?? answers[0]

  // biome-ignore lint/correctness/useExhaustiveDependencies: each asset is judged from the start
  useEffect(() => {
    setAt(0)
    setAsking(null)
  }, [current?.work.assignment_id])

  const judge = (verdict: Verdict, label: string | null, reason: ReviewReasonCode | null) => {
    setAsking(null)
    const annotations = label === null ? null : annotationsOf(run(EMPTY, editor.choose(label)))
    const submission_id = verdict === 'reject' ? null : (selected?.submission_id ?? null)
    void stream.review({ verdict, submission_id, annotations, reason, note: null })
  }
  const ask = (verdict: Verdict, label: string | null) =>
    current && !current.leaseEnded && setAsking({ verdict, label })
  const accept = () => selected && !current?.leaseEnded && judge('accept', null, null)
  const move = (by: number) => answers.length && setAt((at + by + answers.length) % answers.length)
  const skip = () => void stream.skip('skipped')
  const common = useCommonActions({
    stream,
    zoom,
    side: sideNow,
    show: (to) => (asking ? setAsking(null) : show(to)),
    skip,
  })
  const fixes = useClassActions(classes, (label) => ask('fix', label))
  const verdicts = useReviewActions({ accept, reject: () => ask('reject', null), move })
  const because = reasons.slice(0, 9).map(({ code, title }, place) => ({
    id: `reason ${code}`,
    keys: [`[Shift]+${place + 1}`, `Digit${place + 1}`, `Numpad${place + 1}`],
    title,
    group: t`Reason`,
    run: () => asking && judge(asking.verdict, asking.label, code),
  }))
  // While a reason is asked for, digits mean reasons and no longer classes.
  const keys = useKeymap(asking ? [...because, ...common] : [...fixes, ...verdicts, ...common])

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
      last={null}
      fault={null}
      about={selected ? editor.chosen(historyOf(withIds(selected.annotations)).document) : null}
      actions={
        <>
          <Button size="xs" variant="default" disabled={!current} onClick={() => ask('reject', null)}>
            <Trans>Reject</Trans>
          </Button>
          <Button size="xs" disabled={!selected || current?.leaseEnded} onClick={accept}>
            <Trans>Accept</Trans>
          </Button>
        </>
      }
      panel={
        <ReviewPanel
          project={project}
          answers={answers.map((answer) => ({
            ...answer,
            label: editor.chosen(historyOf(withIds(answer.annotations)).document),
          }))}
          selected={selected?.submission_id ?? null}
          select={setAt}
          asking={asking}
          reasons={reasons}
          because={(code) => asking && judge(asking.verdict, asking.label, code)}
          cancel={() => setAsking(null)}
          fix={(label) => ask('fix', label)}
          disabled={!current || current.leaseEnded}
        />
      }
    />
  )
}
