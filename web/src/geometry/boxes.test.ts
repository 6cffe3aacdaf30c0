import { expect, test } from 'vitest'
import {
  around,
  type Box,
  bottom,
  boxBetween,
  cutTo,
  holds,
  isOnBorder,
  moved,
  right,
  smallestAt,
  wayWithin,
} from './boxes'
import { imagePoint } from './points'

const IMAGE = { width: 100, height: 80 }
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}
const anyBox = (next: () => number): Box => {
  const [x, y] = [next() * 90, next() * 70]
  return { x, y, width: 0.01 + next() * (99 - x), height: 0.01 + next() * (79 - y) }
}

test('a box between two points does not mind their order', () => {
  const [a, b] = [imagePoint(10, 60), imagePoint(30, 20)]
  expect(boxBetween(a, b)).toEqual({ x: 10, y: 20, width: 20, height: 40 })
  expect(boxBetween(b, a)).toEqual(boxBetween(a, b))
})

test('however far boxes are pushed, together they stay in the image and keep their places to one another', () => {
  const next = random(3)
  for (let round = 0; round < 300; round++) {
    const boxes = [anyBox(next), anyBox(next), anyBox(next)]
    const way = wayWithin(boxes, { dx: next() * 400 - 200, dy: next() * 400 - 200 }, IMAGE)
    for (const box of boxes.map((each) => moved(each, way))) {
      expect(box.x).toBeGreaterThanOrEqual(-1e-9)
      expect(box.y).toBeGreaterThanOrEqual(-1e-9)
      expect(right(box)).toBeLessThanOrEqual(IMAGE.width + 1e-9)
      expect(bottom(box)).toBeLessThanOrEqual(IMAGE.height + 1e-9)
    }
  }
})

test('a way that stays inside is gone whole', () => {
  expect(wayWithin([{ x: 10, y: 10, width: 5, height: 5 }], { dx: 3, dy: -2 }, IMAGE)).toEqual({ dx: 3, dy: -2 })
})

test('cutting keeps what is inside and nothing else', () => {
  expect(cutTo({ x: -10, y: 70, width: 30, height: 30 }, IMAGE)).toEqual({ x: 0, y: 70, width: 20, height: 10 })
  expect(cutTo({ x: 200, y: 10, width: 5, height: 5 }, IMAGE).width).toBe(0)
})

test('around none there is no box, around some the smallest', () => {
  expect(around([])).toBeNull()
  const boxes = [
    { x: 1, y: 2, width: 3, height: 4 },
    { x: 10, y: 0, width: 1, height: 1 },
  ]
  expect(around(boxes)).toEqual({ x: 1, y: 0, width: 10, height: 6 })
})

test('on the edge is inside, and the border is a band around it', () => {
  const box = { x: 10, y: 10, width: 20, height: 20 }
  expect(holds(box, imagePoint(30, 30))).toBe(true)
  expect(holds(box, imagePoint(30.1, 30))).toBe(false)
  expect(isOnBorder(box, imagePoint(31, 20), 2)).toBe(true)
  expect(isOnBorder(box, imagePoint(20, 20), 2)).toBe(false)
  expect(isOnBorder({ ...box, width: 2 }, imagePoint(11, 20), 2)).toBe(true)
})

test('of boxes inside one another the smallest is meant, of equals the one on top', () => {
  const things = [
    { id: 'small', box: { x: 10, y: 10, width: 5, height: 5 } },
    { id: 'large', box: { x: 0, y: 0, width: 50, height: 50 } },
    { id: 'same', box: { x: 10, y: 10, width: 5, height: 5 } },
  ]
  expect(smallestAt(things, imagePoint(12, 12), 0)?.id).toBe('same')
  expect(smallestAt(things, imagePoint(40, 40), 0)?.id).toBe('large')
  expect(smallestAt(things, imagePoint(60, 60), 0)).toBeNull()
})
