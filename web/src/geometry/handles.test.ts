import { expect, test } from 'vitest'
import { bottom, right } from './boxes'
import { cursorOf, HANDLES, handleAt, handlePoint, resized } from './handles'
import { imagePoint } from './points'

const IMAGE = { width: 200, height: 100 }
const BOX = { x: 50, y: 20, width: 40, height: 30 }

test.each(HANDLES)('the handle %s is found where it is drawn', (handle) => {
  expect(handleAt(BOX, handlePoint(BOX, handle), 3)).toBe(handle)
  expect(cursorOf(handle)).toMatch(/-resize$/)
})

test('between the handles there is none', () => {
  expect(handleAt(BOX, imagePoint(60, 20), 3)).toBeNull()
  expect(handleAt(BOX, imagePoint(70, 35), 3)).toBeNull()
})

test.each(HANDLES)('drawing at %s moves the sides that it names and no other', (handle) => {
  const at = handlePoint(BOX, handle)
  const { box } = resized(BOX, handle, imagePoint(at.x + 5, at.y + 7), IMAGE)
  expect([box.x, box.y, right(box), bottom(box)]).toEqual([
    50 + (handle.includes('w') ? 5 : 0),
    20 + (handle.includes('n') ? 7 : 0),
    90 + (handle.includes('e') ? 5 : 0),
    50 + (handle.includes('s') ? 7 : 0),
  ])
})

test('drawn over the opposite corner the box turns round and the hand holds that corner', () => {
  expect(resized(BOX, 'se', imagePoint(30, 10), IMAGE)).toEqual({
    box: { x: 30, y: 10, width: 20, height: 10 },
    handle: 'nw',
  })
  expect(resized(BOX, 'e', imagePoint(30, 0), IMAGE)).toEqual({ box: { ...BOX, x: 30, width: 20 }, handle: 'w' })
})

test('a hand outside the image leaves the box at its edge', () => {
  expect(resized(BOX, 'se', imagePoint(999, 999), IMAGE).box).toEqual({ x: 50, y: 20, width: 150, height: 80 })
  expect(resized(BOX, 'nw', imagePoint(-9, -9), IMAGE).box).toEqual({ x: 0, y: 0, width: 90, height: 50 })
})

test('on a box smaller than its handles a corner is meant', () => {
  expect(handleAt({ x: 10, y: 10, width: 1, height: 1 }, imagePoint(10.6, 10.6), 4)).toHaveLength(2)
})
