import { useLingui } from '@lingui/react/macro'
import type { Fault } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { type PilotDraft, pilotFaults } from './pilot'
import { answersPaid, type TargetDraft, targetFaults } from './target'

function useLimits() {
  const { t } = useLingui()
  const format = useFormat()
  return {
    missing: t`This is needed.`,
    numbers: (low: number, high: number) => t`From ${format.number(low)} to ${format.number(high)}.`,
    percents: (low: number, high: number) => {
      const [least, most] = [low, high].map((share) => format.percent(share, Number.isInteger(share * 100) ? 0 : 2))
      return t`From ${least} to ${most}.`
    },
  }
}

/** The faults of a target in the language that is spoken. */
export function useTargetFaults(target: TargetDraft): Fault[] {
  const { t } = useLingui()
  return targetFaults(target, {
    ...useLimits(),
    tooSmall: t`That does not pay for a single answer.`,
    noMoney: t`More than nothing.`,
    noCurrency: t`Which currency?`,
  })
}

/** The faults of a pilot in the language that is spoken. */
export function usePilotFaults(pilot: PilotDraft, nAssets: number, target: TargetDraft): Fault[] {
  const { t } = useLingui()
  const format = useFormat()
  return pilotFaults(pilot, nAssets, answersPaid(target.budget), {
    ...useLimits(),
    tooMany: (n) => t`There are only ${format.number(n)} assets.`,
    tooDear: (n) => t`The budget pays for ${format.number(n)} answers only.`,
  })
}
