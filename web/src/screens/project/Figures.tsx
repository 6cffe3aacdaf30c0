import { Trans, useLingui } from '@lingui/react/macro'
import { SimpleGrid } from '@mantine/core'
import type { Overview, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Figure } from '../common/Figure'
import { Panel } from '../common/Panel'

/** The row of figures: answers, certified error, saved, done, each with its doubt. */
export function Figures({ project, overview }: { project: Project; overview: Overview }) {
  const { t } = useLingui()
  const format = useFormat()
  const { answers, error, stages } = overview
  const { id, target } = project
  const nTasks = Object.values(stages).reduce((sum, n) => sum + n, 0)
  const parts = [
    t`${format.number(answers.people)} labelling`,
    t`${format.number(answers.review)} review`,
    t`${format.number(answers.check)} check`,
  ]
  return (
    <Panel p={0}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing={0} verticalSpacing={0}>
        <Figure
          label={t`Answers of people`}
          value={format.number(answers.human)}
          doubt={parts.join(' · ')}
          how={t`Every answer that a person gave in this project, those of reviews and of the random check included.`}
          to={`/projects/${id}/tasks`}
        />
        <CertifiedError project={project} error={error} />
        <Figure
          label={t`Saved against three answers each`}
          value={format.percent(answers.saved)}
          doubt={
            answers.saved_vs_one === null
              ? t`of ${format.number(answers.baseline)} answers`
              : answers.saved_vs_one < 0
                ? t`${format.percent(-answers.saved_vs_one)} more than one answer each`
                : t`${format.percent(answers.saved_vs_one)} against one answer each`
          }
          how={t`One minus the answers given, divided by three answers for each of the ${format.number(nTasks)} assets. Not final before the work is done.`}
        />
        <Figure
          label={t`Labels done`}
          value={format.number(stages.done)}
          doubt={
            <Trans>
              of {format.number(nTasks)}; target error {format.percent(target.error)}
            </Trans>
          }
          how={t`Tasks whose label is final. The others are with the model, with people, in review or in the random check.`}
          to={`/projects/${id}/tasks?stage=done`}
        />
      </SimpleGrid>
    </Panel>
  )
}

function CertifiedError({ project, error }: { project: Project; error: Overview['error'] }) {
  const { t } = useLingui()
  const format = useFormat()
  const to = `/projects/${project.id}/quality`
  const checked = format.number(error.n_checked)
  const wrong = format.number(error.n_wrong)
  if (error.certified) {
    return (
      <Figure
        label={t`Certified error`}
        value={`≤ ${format.errorBound(error.upper_bound)}`}
        doubt={t`with ${format.confidence(error.confidence ?? project.target.confidence)} confidence · n = ${checked}, ${wrong} wrong`}
        how={t`Exact upper bound on the share of wrong labels, from a random check drawn after the labels were frozen.`}
        to={to}
        tone="good"
      />
    )
  }
  return (
    <Figure
      label={t`Expected error, not certified`}
      value={error.estimate === null ? '–' : `≈ ${format.percent(error.estimate, 2)}`}
      doubt={error.n_checked ? t`${checked} checked, ${wrong} wrong so far` : t`not yet checked at random`}
      how={t`What the beliefs themselves expect. Only the random check can certify it.`}
      to={to}
      tone="warn"
    />
  )
}
