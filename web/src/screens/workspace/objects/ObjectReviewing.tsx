import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useReviewReasons } from '../../../api/queries'
import type { Project, ReviewReasonCode, Work } from '../../../api/types'
import { annotationsOf, type Held } from '../../../kernel/held'
import type { WorkStream } from '../../../kernel/stream'
import { useKeymap } from '../../../kernel/useKeymap'
import { areSame } from '../../../modalities/objects/proposals'
import type { ObjectEditor } from '../../../modalities/objects/types'
import { type Side, useClassActions, useCommonActions } from '../actions'
import { Frame } from '../Frame'
import { Announcer } from './Announcer'
import { AnswerPanel, Reasons } from './AnswerPanel'
import { ObjectPanel } from './ObjectPanel'
import { useObjectActions, useProposalActions } from './objectActions'
import { ToolRail } from './ToolRail'
import { useFirstFault } from './useFaults'
import { useObjects } from './useObjects'

type Props = { project: Project; stream: WorkStream; editor: ObjectEditor }
type Asked = 'fix' | 'reject' | null

/** Whose word the document is: what was proposed, the answer of one, or the reviewer's own. */
type Said = { whose: 'proposed' } | { whose: 'annotator'; submission: string } | { whose: 'reviewer' }

export function whoseWord({ proposed, answers }: Pick<Work, 'proposed' | 'answers'>, history: Held['history']): Said {
  const document = annotationsOf(history)
  if (proposed && areSame(proposed, document)) return { whose: 'proposed' }
  const answer = answers.find(({ annotations }) => areSame(annotations, document))
  return answer ? { whose: 'annotator', submission: answer.submission_id } : { whose: 'reviewer' }
}

/** Judging objects: what the engine proposes lies ready to be accepted or put right, the answers of all over it. */
export function ObjectReviewing({ project, stream, editor }: Props) {
  const { t } = useLingui()
  const { classes } = project.ontology
  const state = useStore(stream.state)
  const reasons = useReviewReasons(editor.kind.name).data?.items ?? []
  const work = useObjects(project, stream, editor)
  const { objects, session, zoom, hand, bench, document } = work
  const [side, show] = useState<Side>(null)
  const sideNow = useRef(side)
  sideNow.current = side
  const [asked, setAsked] = useState<Asked>(null)
  const [fault, setFault] = useState<string | null>(null)
  const firstFault = useFirstFault(work)
  const { current } = state
  const said = current ? whoseWord(current.work, current.history) : null
  const answers = current?.work.answers ?? []
  const isFix = said?.whose === 'reviewer'
  const isOver = !current || current.leaseEnded

  // biome-ignore lint/correctness/useExhaustiveDependencies: a question belongs to the document it was asked of
  useEffect(() => {
    setAsked(null)
    setFault(null)
  }, [current?.work.assignment_id, document])

  const accept = () => {
    if (isOver || !said) return
    const found = firstFault()
    setFault(found)
    if (found) return
    if (said.whose === 'reviewer') {
      setAsked('fix')
      return
    }
    const submission_id = said.whose === 'annotator' ? said.submission : null
    void stream.review({ verdict: 'accept', submission_id, annotations: null, reason: null, note: null })
  }
  const judge = (verdict: 'fix' | 'reject', reason: ReviewReasonCode) => {
    const held = stream.state.getState().current
    if (!held || held.leaseEnded) return
    setAsked(null)
    const annotations = verdict === 'fix' ? annotationsOf(held.history) : null
    void stream.review({ verdict, submission_id: null, annotations, reason, note: null })
  }
  const reject = () => !isOver && setAsked('reject')
  const skip = () => void stream.skip('skipped')
  const common = useCommonActions({
    stream,
    zoom,
    side: sideNow,
    show,
    skip,
    onBack: () => {
      if (asked || !session.selection.length) return false
      objects.remove()
      return true
    },
    onEscape: () => {
      if (asked) setAsked(null)
      else if (hand.current?.cancel()) return true
      else if (session.selection.length) objects.select([])
      else return false
      return true
    },
  })
  const own = useObjectActions(work)
  const proposed = useProposalActions(work)
  const classKeys = useClassActions(classes, (name) => objects.setClass(name))
  const verdicts = [
    {
      id: 'accept',
      keys: ['Enter'],
      title: isFix ? t`Hand in the fix` : t`Accept`,
      group: t`Verdict`,
      run: () => {
        if (!hand.current?.confirm()) accept()
      },
    },
    { id: 'reject', keys: ['r', 'Alt+r'], title: t`Reject all answers`, group: t`Verdict`, run: reject, yields: true },
  ]
  const because = reasons.slice(0, 9).map(({ code, title }, place) => ({
    id: `reason ${code}`,
    keys: [`[Shift]+${place + 1}`, `Digit${place + 1}`, `Numpad${place + 1}`],
    title,
    group: t`Reason`,
    run: () => asked && judge(asked, code),
  }))
  // While a reason is asked for, digits mean reasons and no longer classes.
  const keys = useKeymap(asked ? [...because, ...common] : [...classKeys, ...verdicts, ...own, ...proposed, ...common])

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
            {!asked && <ToolRail keys={keys} session={session} />}
            <Announcer work={work} classes={classes} />
          </>
        )
      }
      last={null}
      fault={fault}
      about={work.classInHand}
      actions={
        <>
          <Button size="xs" variant="default" disabled={isOver} onClick={reject}>
            <Trans>Reject</Trans>
          </Button>
          <Button size="xs" disabled={isOver} onClick={accept}>
            {isFix ? <Trans>Hand in the fix</Trans> : <Trans>Accept</Trans>}
          </Button>
        </>
      }
      panel={
        asked ? (
          <Reasons
            verdict={asked}
            reasons={reasons}
            because={(code) => judge(asked, code)}
            cancel={() => setAsked(null)}
          />
        ) : (
          <ObjectPanel
            work={work}
            classes={classes}
            disabled={isOver}
            othersTitle={t`Answers`}
            others={<AnswerPanel {...work} answers={answers} />}
          />
        )
      }
    />
  )
}
