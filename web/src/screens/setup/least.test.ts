import { expect, test } from 'vitest'
import { leastChecks, leastChecksOfObjects, looserError } from './least'

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

test('known values', () => {
  // Two wrong among 100 are missed by n checks with chance (100 - n)(99 - n) / (100 * 99); 22 * 21 = 462 <= 495 < 23 * 22.
  expect(leastChecks(100, 0.01, 0.95)).toBe(78)
  // One wrong among 50 is missed with chance (50 - n) / 50, and 2 / 50 <= 0.05 < 3 / 50.
  expect(leastChecks(50, 0.01, 0.95)).toBe(48)
})

test.each([100, 500, 2_000, 10_000])('of %i labels it is close to the power law without the drawing out', (n) => {
  // N (1 - alpha^(1 / (floor(N e) + 1))): as if the wrong labels were hit independently of each other.
  for (const error of [0.01, 0.05]) {
    const rough = n * (1 - 0.05 ** (1 / (Math.floor(n * error + 1e-9) + 1)))
    expect(Math.abs(leastChecks(n, error, 0.95) - rough)).toBeLessThanOrEqual(1 + 0.01 * n)
  }
})

test('a looser target is one that half the labels can show, and the next stricter could not', () => {
  expect(looserError(100, 0.95)).toBe(0.05)
  expect(leastChecks(100, 0.05, 0.95)).toBeLessThanOrEqual(50)
  expect(leastChecks(100, 0.03, 0.95)).toBeGreaterThan(50)
  expect(looserError(2, 0.95)).toBeNull()
})

// What `karat.quality.piloting.least_checks` gives for objects.
test.each([
  [110, 0.1, 0.95, 29],
  [1000, 0.05, 0.95, 67],
  [1000, 0.01, 0.9, 242],
  [20, 0.1, 0.95, 17],
  [10_000, 0.02, 0.99, 260],
  [7, 0.5, 0.8, 3],
])('of %i assets with objects at %d and %d it is as on the server: %i', (n, error, confidence, checks) => {
  expect(leastChecksOfObjects(n, error, confidence)).toBe(checks)
})
