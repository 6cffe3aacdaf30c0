import { expect, test } from 'vitest'
import { leastChecks } from './least'

/** The definition, counted out: the chance of drawing none of `wrong` among `n` in `drawn` draws. */
function chanceOfNone(n: number, wrong: number, drawn: number): number {
  let chance = 1
  for (let step = 0; step < drawn; step++) chance *= (n - wrong - step) / (n - step)
  return Math.max(chance, 0)
}

test.each([
  [10_000, 0.01, 0.95],
  [300, 0.01, 0.95],
  [300, 0.05, 0.9],
  [20, 0.01, 0.95],
  [57, 0.1, 0.99],
])('of %i labels at %d and %d: it suffices, and one fewer would not', (n, error, confidence) => {
  const checks = leastChecks(n, error, confidence)
  const wrong = Math.floor(error * n) + 1
  expect(chanceOfNone(n, wrong, checks)).toBeLessThanOrEqual(1 - confidence + 1e-9)
  expect(chanceOfNone(n, wrong, checks - 1)).toBeGreaterThan(1 - confidence)
})

test('with so few labels that none may be wrong, all but none must be seen', () => {
  // One wrong among 20 is missed by 18 checks with chance 2/20, by 19 with 1/20 = alpha.
  expect(leastChecks(20, 0.01, 0.95)).toBe(19)
})

test('where every label may be wrong nothing needs to be checked', () => {
  expect(leastChecks(10, 1, 0.95)).toBe(0)
})
