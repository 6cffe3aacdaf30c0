import { leastChecks, leastChecksOfObjects } from './least'
import { answersPaid, type TargetDraft } from './target'

/** What a target takes before a single answer is given; null is what nobody can know yet. */
export type Forecast = {
  /** Answers before the check. The model decides them where the engine asks for as few as it takes. */
  labels: number | null
  /** So many checks at least, if none of them finds anything. */
  checks: number
  /** Both together, as far as they are known. */
  least: number
  /** Money for the least, in minor units. */
  cost: number | null
  /** Answers that the budget pays for. */
  paid: number | null
  /** The budget cannot bring a certificate, however well it goes. */
  isShort: boolean
}

const OVERLAP = { one: 1, model: 0 } as const

/** The forecast for so many assets; null while the target is not one yet. */
export function forecast(target: TargetDraft, nAssets: number): Forecast | null {
  const { way, error, confidence, overlap, budget } = target
  if (error === null || confidence === null || error <= 0 || error > 0.5 || confidence < 0.5 || confidence >= 1) {
    return null
  }
  const ofObjects = way === 'one' || way === 'several' || way === 'model'
  const each = way === 'one' || way === 'model' ? OVERLAP[way] : overlap
  const labels = way === 'routed' || each === null || each < 0 ? null : nAssets * each
  const checks = (ofObjects ? leastChecksOfObjects : leastChecks)(nAssets, error, confidence)
  const least = (labels ?? 0) + checks
  const paid = answersPaid(budget) || null // nothing is no budget yet
  const price = budget.limit === 'none' ? null : budget.price
  return {
    labels,
    checks,
    least,
    cost: price === null || price < 1 ? null : least * price,
    paid,
    isShort: paid !== null && paid < least,
  }
}
