import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { SimpleGrid, Text } from '@mantine/core'
import type { Learnt as LearntRecord, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { money } from '../../i18n/money'
import { Figure } from '../common/Figure'

/** What a pilot has shown, each number with its doubt, and what is to be done about it. */
export function Learnt({ project, learnt }: { project: Project; learnt: LearntRecord }) {
  const { t } = useLingui()
  const format = useFormat()
  const { agreement, agreement_at_least, median_seconds, n_answers, n_tasks, n_people } = learnt
  const [answers, tasks] = [format.number(n_answers), format.number(n_tasks)]
  const least = format.percent(agreement_at_least, 0)
  return (
    <div style={{ borderTop: '1px solid var(--line)' }}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing={0} verticalSpacing={0}>
        <Figure
          label={t`People agree`}
          value={format.percent(agreement, 0)}
          doubt={
            agreement_at_least === null
              ? t`no task has two answers`
              : t`at least ${least} over all tasks, with 95 % confidence`
          }
          how={t`Mean over the tasks with two answers or more of how far they agree: 100 % is the same, 0 % nothing in common.`}
          tone={isLow(agreement) ? 'warn' : undefined}
        />
        <Figure
          label={t`Time for an answer`}
          value={format.seconds(median_seconds)}
          doubt={t`median of ${answers} answers`}
          how={t`Half of the answers took at most this long.`}
        />
        <Figure
          label={t`Answers of the pilot`}
          value={answers}
          doubt={
            <>
              {t`${tasks} tasks`}, <Plural value={n_people} one="# person" other="# people" />
            </>
          }
          how={t`They count like all others; nothing of it is thrown away.`}
          to={`/projects/${project.id}/tasks`}
        />
        <Rest project={project} learnt={learnt} />
      </SimpleGrid>
      {project.pilot?.state === 'done' && (
        <Text size="sm" px="md" pb="md">
          <Advice learnt={learnt} />
        </Text>
      )}
    </div>
  )
}

/** Below this the instructions are worth a second look before they are read by more people; a rule of thumb. */
const LOW = 0.7
const isLow = (agreement: number | null) => agreement !== null && agreement < LOW

function Rest({ project, learnt }: { project: Project; learnt: LearntRecord }) {
  const { t } = useLingui()
  const format = useFormat()
  const { expected } = learnt
  if (!expected) {
    return (
      <Figure
        label={t`The rest takes`}
        value="–"
        doubt={t`so few answers do not show how fast the model learns`}
        how={t`Where the model decides whom to ask about what, nothing can honestly be said so early.`}
      />
    )
  }
  const { labels, checks_low, checks_high, cost_low, cost_high } = expected
  const currency = project.target.budget?.currency
  const [n, low, high] = [labels, checks_low, checks_high].map((each) => format.number(each))
  const hasCost = currency && cost_low !== null && cost_high !== null
  const cost = hasCost ? `${money(cost_low, currency)} – ${money(cost_high, currency)}` : ''
  return (
    <Figure
      label={t`The rest takes`}
      value={cost || t`${n} labels`}
      doubt={cost ? t`${n} labels and ${low} – ${high} checks` : t`and ${low} – ${high} checks`}
      how={t`Labels that are still to be given, and checks from the plan's first look to its last, if the first check succeeds.`}
    />
  )
}

function Advice({ learnt }: { learnt: LearntRecord }) {
  const { agreement, n_answers } = learnt
  if (!n_answers)
    return <Trans>The pilot has no answers: nothing is known from it. Start production, or raise the budget.</Trans>
  if (agreement === null) return <Trans>Start production when the answers look right to you.</Trans>
  if (isLow(agreement)) {
    return (
      <Trans>
        People often answer differently. See where in the tasks, say it in the instructions, and then start production.
      </Trans>
    )
  }
  return (
    <Trans>Look at a few of the answers, put the instructions right where they differ, and start production.</Trans>
  )
}
