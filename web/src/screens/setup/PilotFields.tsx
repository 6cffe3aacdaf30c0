import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Radio, SimpleGrid, Stack, Text } from '@mantine/core'
import type { Fault } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { money } from '../../i18n/money'
import { StateBadge } from '../common/StateBadge'
import { faultAt } from './faults'
import { NumberField } from './NumberField'
import type { PilotDraft, Recommendation } from './pilot'
import type { BudgetDraft } from './target'

type Props = {
  pilot: PilotDraft
  change: (pilot: PilotDraft) => void
  advice: Recommendation
  budget: BudgetDraft
  faults: readonly Fault[]
}

/** Whether to look at a few tasks first, what speaks for it, and what it costs. */
export function PilotFields({ pilot, change, advice, budget, faults }: Props) {
  const { t } = useLingui()
  const set = (part: Partial<PilotDraft>) => change({ ...pilot, ...part })
  const badge = (
    <StateBadge tone="accent">
      <Trans>recommended here</Trans>
    </StateBadge>
  )
  return (
    <Stack>
      <Radio.Group
        label={t`Begin with a pilot?`}
        value={pilot.isWanted ? 'pilot' : 'all'}
        onChange={(value) => set({ isWanted: value === 'pilot' })}
        error={faultAt(faults, 'pilot')}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="pilot"
            label={
              <>
                <Trans>A few tasks first</Trans> {advice.isWanted && badge}
              </>
            }
            description={t`Then nobody is asked until you have seen how far people agree and how long an answer takes. Unclear instructions show before they cost much.`}
          />
          <Radio
            value="all"
            label={
              <>
                <Trans>Everything at once</Trans> {!advice.isWanted && badge}
              </>
            }
            description={t`The engine asks for what it needs from the start.`}
          />
        </Stack>
      </Radio.Group>
      {pilot.isWanted && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberField
              label={t`Tasks of the pilot`}
              description={t`Drawn at random`}
              least={5}
              most={500}
              value={pilot.n_tasks}
              change={(n_tasks) => set({ n_tasks })}
              error={faultAt(faults, 'pilot.n_tasks')}
            />
            <NumberField
              label={t`People for each task of the pilot`}
              description={t`Two or more show how far they agree`}
              least={1}
              most={10}
              value={pilot.overlap}
              change={(overlap) => set({ overlap })}
              error={faultAt(faults, 'pilot.overlap')}
            />
          </SimpleGrid>
          <Cost pilot={pilot} budget={budget} />
        </>
      )}
      <Advice advice={advice} />
    </Stack>
  )
}

function Cost({ pilot, budget }: Pick<Props, 'pilot' | 'budget'>) {
  const { n_tasks, overlap } = pilot
  if (!n_tasks || !overlap || n_tasks < 1 || overlap < 1) return null
  const answers = n_tasks * overlap
  const price = budget.limit !== 'none' && budget.currency && budget.price ? budget.price : null
  const amount = price === null ? '' : money(answers * price, budget.currency)
  return (
    <Text size="sm" role="status">
      <Plural
        value={answers}
        one="That is # answer, and it counts like all others."
        other="That is # answers, and they count like all others."
      />{' '}
      {amount && <Trans>They cost {amount}.</Trans>}{' '}
      {overlap === 1 && <Trans>With one person each it does not show how far people agree.</Trans>}
    </Text>
  )
}

function Advice({ advice }: Pick<Props, 'advice'>) {
  const format = useFormat()
  const [tasks, people] = [format.number(advice.n_tasks), format.number(advice.overlap)]
  return (
    <Text size="sm" className="quiet">
      {advice.why === 'few' && (
        <Trans>With so few assets a pilot is most of the work; looking at the first answers does as well.</Trans>
      )}
      {advice.why === 'model' && <Trans>Nobody is asked before the check here, so there is little to try.</Trans>}
      {advice.why === null && (
        <Trans>
          For data of this size we recommend {tasks} tasks with {people} people each: enough to see where the
          instructions are read differently, few enough to throw none of the work away.
        </Trans>
      )}
    </Text>
  )
}
