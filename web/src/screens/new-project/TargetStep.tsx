import { Trans } from '@lingui/react/macro'
import { Stack, Title } from '@mantine/core'
import type { Fault } from '../../api/types'
import { BudgetFields } from '../setup/BudgetFields'
import { ForecastPanel } from '../setup/ForecastPanel'
import { TargetFields } from '../setup/TargetFields'
import type { TargetDraft } from '../setup/target'

type Props = {
  target: TargetDraft
  change: (target: TargetDraft) => void
  ofObjects: boolean
  nAssets: number
  faults: readonly Fault[]
}

/** How good is good enough, who answers, and what it may cost. */
export function TargetStep({ target, change, ofObjects, nAssets, faults }: Props) {
  return (
    <Stack>
      <Title order={2} size="h4">
        <Trans>How good is good enough?</Trans>
      </Title>
      <TargetFields target={target} change={change} ofObjects={ofObjects} faults={faults} />
      <BudgetFields budget={target.budget} change={(budget) => change({ ...target, budget })} faults={faults} />
      <ForecastPanel target={target} nAssets={nAssets} ofObjects={ofObjects} />
    </Stack>
  )
}
