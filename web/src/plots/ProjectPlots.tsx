import { useLingui } from '@lingui/react/macro'
import type { Certificate, Overview } from '../api/types'
import { Plot } from './Plot'
import { beliefHistogram, boundPlot, costPlot, errorOverAnswers, reliabilityPlot } from './specs'

type OnMark = (datum: Record<string, unknown>) => void

/** The plots of a project with their words, for the overview and for the report of a run alike. */
export function ErrorPlot(props: {
  series: Overview['series']
  target: number | null
  truth?: { answers: number; true_error: number }[]
}) {
  const { t } = useLingui()
  const words = {
    answers: t`answers of people`,
    error: t`error`,
    expected: t`expected by the beliefs`,
    model: t`model against people`,
    truth: t`true error`,
    modelAccuracy: t`model accuracy`,
    changed: t`labels changed`,
  }
  return (
    <Plot
      title={t`Error against answers`}
      description={t`How the expected error falls with each batch of answers; the thin dashed line is the target. “Model against people” counts only assets that people were asked about: mostly the hard ones.`}
      plot={errorOverAnswers(props.series, props.target, words, props.truth)}
      empty={t`The first point appears when the first batch is answered.`}
    />
  )
}

export function CostPlot({ answers }: { answers: Overview['answers'] }) {
  const { t } = useLingui()
  const words = {
    answers: t`answers of people`,
    spent: t`here`,
    people: t`labelling`,
    review: t`review`,
    check: t`check`,
    baseline: t`three answers each`,
    baselinePart: t`without Karat`,
  }
  return (
    <Plot
      title={t`Cost in answers`}
      description={t`What people were asked so far, beside three answers for every asset.`}
      plot={costPlot(answers, words)}
    />
  )
}

export function BeliefsPlot({ beliefs, onMark }: { beliefs: Overview['beliefs']; onMark?: OnMark }) {
  const { t } = useLingui()
  const words = { belief: t`probability of the likeliest class`, assets: t`assets`, from: t`from`, to: t`to` }
  return (
    <Plot
      title={t`How sure the labels are`}
      description={t`Assets by the probability of their likeliest class; heights on a root scale.`}
      plot={beliefHistogram(beliefs, words)}
      onMark={onMark}
    />
  )
}

export function ReliabilityPlot({ points }: { points: Overview['reliability'] }) {
  const { t } = useLingui()
  const words = {
    confidence: t`what the model claims`,
    accuracy: t`how often it agrees with people`,
    assets: t`assets`,
  }
  return (
    <Plot
      title={t`Does the model keep what it claims?`}
      description={t`Out-of-fold confidence against agreement with people. On the dashed line it claims exactly what it keeps.`}
      plot={reliabilityPlot(points, words)}
      empty={t`The model has not been compared with people yet.`}
    />
  )
}

export function BoundPlot({ certificate }: { certificate: Certificate }) {
  const { t } = useLingui()
  const words = {
    checked: t`labels checked`,
    bound: t`error at most`,
    maxWrong: t`wrong allowed`,
    wrong: t`wrong found`,
  }
  return (
    <Plot
      title={t`The bound, look by look`}
      description={t`After each look the error is at most this much. Below the dashed line the target is reached.`}
      plot={boundPlot(certificate.looks, certificate.target_error, words)}
    />
  )
}
