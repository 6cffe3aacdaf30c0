import type { Budget, Fault, QualityTarget, TargetPatch } from '../../api/types'
import { fault } from './faults'

/** Who answers: one class is asked for by the engine or of so many people, objects are marked by people or by a model. */
export type Way = 'routed' | 'fixed' | 'one' | 'several' | 'model'

/** A budget as it is being written; money in minor units. */
export type BudgetDraft = {
  limit: 'none' | 'answers' | 'money'
  max_answers: number | null
  max_cost: number | null
  price: number | null
  currency: string
}

/** A target as it is being written: a field can be empty or wrong for a while. `overlap` counts where the way says so. */
export type TargetDraft = {
  way: Way
  error: number | null
  confidence: number | null
  max_answers: number | null
  overlap: number | null
  match_overlap: number | null
  min_agreement: number | null
  min_score: number | null
  budget: BudgetDraft
}

/** What the server takes where nothing is said. */
export const USUAL: QualityTarget = {
  error: 0.01,
  confidence: 0.95,
  max_answers: 5,
  overlap: null,
  match_overlap: 0.5,
  min_agreement: 0.5,
  min_score: 0.5,
  budget: null,
}

const NO_BUDGET: BudgetDraft = { limit: 'none', max_answers: null, max_cost: null, price: null, currency: '' }

const USUAL_OVERLAP = 3

export function wayOf(overlap: number | null, ofObjects: boolean): Way {
  if (!ofObjects) return overlap === null ? 'routed' : 'fixed'
  if (overlap === 0) return 'model'
  return (overlap ?? 1) > 1 ? 'several' : 'one'
}

/** The target as it can be written on. */
export function draftOf(target: QualityTarget, ofObjects: boolean): TargetDraft {
  const { budget, overlap, ...rest } = target
  const way = wayOf(overlap, ofObjects)
  const isCounted = way === 'fixed' || way === 'several'
  return {
    ...rest,
    way,
    overlap: isCounted ? overlap : USUAL_OVERLAP,
    budget: budget ? budgetDraft(budget) : NO_BUDGET,
  }
}

function budgetDraft({ currency, ...rest }: Budget): BudgetDraft {
  return { ...rest, limit: rest.max_cost === null ? 'answers' : 'money', currency: currency ?? '' }
}

/** The draft for answers of the other sort; what both have stays. */
export function forAnswers(draft: TargetDraft, ofObjects: boolean): TargetDraft {
  const isFor = ofObjects ? ['one', 'several', 'model'] : ['routed', 'fixed']
  return isFor.includes(draft.way) ? draft : { ...draft, way: ofObjects ? 'one' : 'routed' }
}

const OVERLAPS: Partial<Record<Way, number | null>> = { routed: null, one: 1, model: 0 }

/** The target as it is sent. What is empty takes what is usual: whoever sends it has looked at the faults before. */
export function targetOf(draft: TargetDraft): QualityTarget {
  const { way, budget, overlap, ...rest } = draft
  const filled = Object.entries(rest).map(([name, value]) => [name, value ?? USUAL[name as keyof typeof rest]])
  const fixed = way in OVERLAPS ? (OVERLAPS[way] ?? null) : (overlap ?? USUAL_OVERLAP)
  return { ...(Object.fromEntries(filled) as QualityTarget), overlap: fixed, budget: budgetOf(budget) }
}

/** The budget as it is sent: what does not count for its sort of limit is left out. */
export function budgetOf({ limit, currency, ...budget }: BudgetDraft): Budget | null {
  if (limit === 'none') return null
  const isMoney = limit === 'money'
  return {
    max_answers: budget.max_answers,
    max_cost: isMoney ? budget.max_cost : null,
    price: budget.price,
    currency: isMoney || budget.price !== null ? currency || null : null,
  }
}

/** The answers that a budget pays for, whichever limit comes first; null where it sets none that can be told. */
export function answersPaid(draft: BudgetDraft): number | null {
  const { max_answers, max_cost, price } = budgetOf(draft) ?? { max_answers: null, max_cost: null, price: null }
  const byCost = max_cost !== null && price ? Math.floor(max_cost / price) : null
  const limits = [max_answers, byCost].filter((each) => each !== null)
  return limits.length ? Math.max(0, Math.min(...limits)) : null
}

/** What of a target differs from what holds now; nothing is null. A budget is replaced whole. */
export function changesOf(before: QualityTarget, after: QualityTarget): TargetPatch | null {
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof QualityTarget]),
  )
  return changed.length ? (Object.fromEntries(changed) as TargetPatch) : null
}

type Words = {
  missing: string
  percents: (low: number, high: number) => string
  numbers: (low: number, high: number) => string
  tooSmall: string
  noMoney: string
  noCurrency: string
}

/** Every fault of the target as it is being written, at the path that the server would name; the server looks again. */
export function targetFaults(draft: TargetDraft, words: Words): Fault[] {
  const faults: Fault[] = []
  const within = (name: string, value: number | null, low: number, high: number, say: Words['numbers']) => {
    if (value === null) faults.push(fault(`target.${name}`, 'target.missing', words.missing))
    else if (!(value >= low && value <= high)) faults.push(fault(`target.${name}`, 'target.limits', say(low, high)))
  }
  within('error', draft.error, 0.0001, 0.5, words.percents)
  within('confidence', draft.confidence, 0.5, 0.999, words.percents)
  if (draft.way === 'routed') within('max_answers', draft.max_answers, 1, 25, words.numbers)
  if (draft.way === 'fixed') within('overlap', draft.overlap, 1, 25, words.numbers)
  if (draft.way === 'several') {
    within('overlap', draft.overlap, 2, 25, words.numbers)
    within('min_agreement', draft.min_agreement, 0, 1, words.percents)
  }
  if (draft.way === 'model') within('min_score', draft.min_score, 0, 1, words.percents)
  if (!['routed', 'fixed'].includes(draft.way)) within('match_overlap', draft.match_overlap, 0.05, 0.95, words.percents)
  return [...faults, ...budgetFaults(draft.budget, words)]
}

function budgetFaults({ limit, max_answers, max_cost, price, currency }: BudgetDraft, words: Words): Fault[] {
  if (limit === 'none') return []
  const faults: Fault[] = []
  const say = (name: string, code: string, message: string) =>
    faults.push(fault(`target.budget.${name}`, `budget.${code}`, message))
  const isMoney = limit === 'money'
  if (max_answers === null ? !isMoney : max_answers < 1) {
    say(
      'max_answers',
      max_answers === null ? 'missing' : 'limits',
      max_answers === null ? words.missing : words.noMoney,
    )
  }
  if (isMoney && (max_cost ?? 0) < 1) {
    say('max_cost', max_cost === null ? 'missing' : 'limits', max_cost === null ? words.missing : words.noMoney)
  }
  if (price === null ? isMoney : price < 1) {
    say('price', price === null ? 'missing' : 'limits', price === null ? words.missing : words.noMoney)
  }
  if ((isMoney || price !== null) && !currency) say('currency', 'missing', words.noCurrency)
  const isBought = isMoney && max_cost !== null && price !== null && max_cost >= 1 && price >= 1
  if (isBought && max_cost < price) say('max_cost', 'too_small', words.tooSmall)
  return faults
}
