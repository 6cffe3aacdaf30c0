import { expect, test } from 'vitest'
import { exactSum } from './sum'

test('ten tenths are one, in any order and with large terms between', () => {
  expect(exactSum(Array(10).fill(0.1))).toBe(1)
  expect(exactSum([1e16, 1, -1e16])).toBe(1)
  expect(exactSum([])).toBe(0)
})
