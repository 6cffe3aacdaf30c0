import { expect, test } from 'vitest'
import { placeAfter, toggledWithin } from './picking'

// Eight options in rows of three: 0 1 2 / 3 4 5 / 6 7.
const from = (at: number, key: string) => placeAfter(key, at, 3, 8)

test('arrows go from row to row and from option to option', () => {
  expect([from(0, 'ArrowRight'), from(2, 'ArrowRight'), from(3, 'ArrowLeft')]).toEqual([1, 3, 2])
  expect([from(1, 'ArrowDown'), from(4, 'ArrowUp')]).toEqual([4, 1])
})

test('at an end one stays where one is, and down from the row before a short one leads to its last option', () => {
  expect([from(0, 'ArrowLeft'), from(7, 'ArrowRight'), from(1, 'ArrowUp')]).toEqual([0, 7, 1])
  expect([from(5, 'ArrowDown'), from(7, 'ArrowDown')]).toEqual([7, 7])
})

test('Home, End and the pages lead to the ends', () => {
  expect([from(4, 'Home'), from(4, 'End'), from(0, 'PageDown'), from(7, 'PageUp')]).toEqual([0, 7, 7, 0])
  expect(placeAfter('PageDown', 1, 3, 40)).toBe(10)
})

test('other keys, and a grid without options, move nothing', () => {
  expect(from(1, 'a')).toBeNull()
  expect(placeAfter('ArrowDown', 0, 3, 0)).toBeNull()
})

test('one is chosen as far as there is room, and given up at any time', () => {
  expect(toggledWithin(['a'], 'b', 2)).toEqual(['a', 'b'])
  expect(toggledWithin(['a', 'b'], 'c', 2)).toEqual(['a', 'b'])
  expect(toggledWithin(['a', 'b'], 'a', 2)).toEqual(['b'])
})
