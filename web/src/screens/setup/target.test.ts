import { expect, test } from 'vitest'
import type { Budget, QualityTarget } from '../../api/types'
import { forecast } from './forecast'
import { answersPaid, changesOf, draftOf, forAnswers, type TargetDraft, targetFaults, targetOf, USUAL } from './target'

const words = {
  missing: 'missing',
  percents: (low: number, high: number) => `${low}..${high}`,
  numbers: (low: number, high: number) => `${low}..${high}`,
  tooSmall: 'small',
  noMoney: 'nothing',
  noCurrency: 'currency',
}
const BUDGET: Budget = { max_answers: null, max_cost: 50_000, price: 8, currency: 'EUR' }
const draft = (part: Partial<TargetDraft> = {}, ofObjects = false) => ({ ...draftOf(USUAL, ofObjects), ...part })
const budget = (part: Partial<TargetDraft['budget']>) => draft({ budget: { ...draft().budget, ...part } })
const faults = (target: TargetDraft) => targetFaults(target, words).map(({ where, message }) => `${where}: ${message}`)

test.each<[string, QualityTarget, boolean]>([
  ['as few as it takes', USUAL, false],
  [
    'three of each',
    { ...USUAL, overlap: 3, budget: { ...BUDGET, max_cost: null, price: null, currency: null, max_answers: 9 } },
    false,
  ],
  ['one for objects', { ...USUAL, overlap: 1 }, true],
  ['several for objects', { ...USUAL, overlap: 4, budget: BUDGET }, true],
  ['a model alone', { ...USUAL, overlap: 0 }, true],
])('a target that is only looked at stays as it is: %s', (_, target, ofObjects) => {
  expect(targetOf(draftOf(target, ofObjects))).toEqual(target)
  expect(changesOf(target, targetOf(draftOf(target, ofObjects)))).toBeNull()
})

test('only what was changed is sent, and a budget whole', () => {
  const before = { ...USUAL, budget: BUDGET }
  const after = draftOf(before, false)
  expect(changesOf(before, targetOf({ ...after, error: 0.02 }))).toEqual({ error: 0.02 })
  expect(changesOf(before, targetOf({ ...after, budget: { ...after.budget, price: 10 } }))).toEqual({
    budget: { ...BUDGET, price: 10 },
  })
  expect(changesOf(before, targetOf({ ...after, budget: { ...after.budget, limit: 'none' } }))).toEqual({
    budget: null,
  })
})

test('another sort of answers takes the way that is usual for it, and back again what was there', () => {
  const fixed = draft({ way: 'fixed', overlap: 4 })
  expect(forAnswers(fixed, true).way).toBe('one')
  expect(forAnswers(fixed, false)).toBe(fixed)
})

test('what the server would refuse is said at its field', () => {
  expect(faults(draft())).toEqual([])
  expect(faults(draft({ error: 0, confidence: null }))).toEqual([
    'target.error: 0.0001..0.5',
    'target.confidence: missing',
  ])
  expect(faults(draft({ way: 'fixed', overlap: 0 }))).toEqual(['target.overlap: 1..25'])
  expect(faults(draft({ way: 'several', overlap: 1, match_overlap: 1 }))).toEqual([
    'target.overlap: 2..25',
    'target.match_overlap: 0.05..0.95',
  ])
  // What does not count for the way that was chosen is no fault.
  expect(faults(draft({ way: 'one', overlap: 0, max_answers: 0 }, true))).toEqual([])
})

test('a budget needs a limit above nothing, and money a price and a currency', () => {
  expect(faults(budget({ limit: 'answers' }))).toEqual(['target.budget.max_answers: missing'])
  expect(faults(budget({ limit: 'answers', max_answers: 0 }))).toEqual(['target.budget.max_answers: nothing'])
  expect(faults(budget({ limit: 'answers', max_answers: 5, price: 3 }))).toEqual(['target.budget.currency: currency'])
  expect(faults(budget({ limit: 'money', max_cost: 0, price: -5 }))).toEqual([
    'target.budget.max_cost: nothing',
    'target.budget.price: nothing',
    'target.budget.currency: currency',
  ])
  expect(faults(budget({ limit: 'money', max_cost: 5, price: 8, currency: 'EUR' }))).toEqual([
    'target.budget.max_cost: small',
  ])
  expect(faults(budget({ limit: 'none', max_cost: -1, price: -1 }))).toEqual([])
})

test('the limit that comes first counts', () => {
  const money = { limit: 'money' as const, max_cost: 100, price: 8, currency: 'EUR' }
  expect(answersPaid(budget(money).budget)).toBe(12)
  expect(answersPaid(budget({ ...money, max_answers: 7 }).budget)).toBe(7)
  expect(answersPaid(budget({ limit: 'none', max_answers: 7 }).budget)).toBeNull()
})

test('the forecast adds labels and the least checks, and says when the budget cannot do', () => {
  // One person each for 110 assets, and 29 checks (see the test of the checks of objects).
  const objects = { ...draftOf({ ...USUAL, error: 0.1, overlap: 1 }, true) }
  expect(forecast(objects, 110)).toMatchObject({ labels: 110, checks: 29, least: 139, paid: null, isShort: false })
  const paid = (max_answers: number) => ({
    ...objects.budget,
    limit: 'answers' as const,
    max_answers,
    price: 8,
    currency: 'EUR',
  })
  expect(forecast({ ...objects, budget: paid(138) }, 110)).toMatchObject({ cost: 1112, isShort: true })
  expect(forecast({ ...objects, budget: paid(139) }, 110)).toMatchObject({ isShort: false })
})

test('where the model decides the labels are not known, and a target that is none has no forecast', () => {
  expect(forecast(draft(), 1000)).toMatchObject({ labels: null })
  expect(forecast(draft({ way: 'model' }, true), 1000)).toMatchObject({ labels: 0 })
  expect(forecast(draft({ error: 0 }), 1000)).toBeNull()
  expect(forecast(draft({ confidence: null }), 1000)).toBeNull()
})
