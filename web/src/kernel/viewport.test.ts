import { expect, test } from 'vitest'
import { imagePoint, screenPoint } from '../geometry/points'
import { fitted, pan, pinch, showing, toImage, toScreen, type Viewport, zoomAt } from './viewport'

const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}

test('there and back again, for any view', () => {
  const next = random(1)
  for (let round = 0; round < 200; round++) {
    const view: Viewport = { scale: 0.02 + next() * 60, x: next() * 2000 - 1000, y: next() * 2000 - 1000 }
    const at = imagePoint(next() * 5000, next() * 5000)
    const back = toImage(toScreen(at, view), view)
    expect(back.x).toBeCloseTo(at.x, 6)
    expect(back.y).toBeCloseTo(at.y, 6)
  }
})

test('the point under the pointer stays where it is while zooming', () => {
  const next = random(2)
  for (let round = 0; round < 200; round++) {
    const view: Viewport = { scale: 0.1 + next() * 10, x: next() * 100, y: next() * 100 }
    const pointer = screenPoint(next() * 800, next() * 600)
    const under = toImage(pointer, view)
    const after = toScreen(under, zoomAt(view, pointer, 0.2 + next() * 4))
    expect(after.x).toBeCloseTo(pointer.x, 6)
    expect(after.y).toBeCloseTo(pointer.y, 6)
  }
})

test('a fitted asset is whole and in the middle', () => {
  const view = fitted({ width: 4000, height: 1000 }, { width: 800, height: 600 })
  const [start, end] = [toScreen(imagePoint(0, 0), view), toScreen(imagePoint(4000, 1000), view)]
  expect(start.x).toBeGreaterThanOrEqual(0)
  expect(end.x).toBeLessThanOrEqual(800)
  expect(start.x + end.x).toBeCloseTo(800)
  expect(start.y + end.y).toBeCloseTo(600)
})

test('a tiny image is not blown up without bound', () => {
  expect(fitted({ width: 1, height: 1 }, { width: 1000, height: 1000 }).scale).toBe(16)
})

test('moving moves by as much as the hand did', () => {
  expect(pan({ scale: 2, x: 1, y: 1 }, 10, -5)).toEqual({ scale: 2, x: 11, y: -4 })
})

test('what two fingers touch follows them', () => {
  const view: Viewport = { scale: 2, x: 10, y: 20 }
  const from = [screenPoint(100, 100), screenPoint(200, 100)] as const
  const to = [screenPoint(80, 130), screenPoint(280, 130)] as const
  const after = pinch(view, from, to)
  expect(after.scale).toBeCloseTo(4)
  for (const finger of [0, 1] as const) {
    const now = toScreen(toImage(from[finger], view), after)
    expect([now.x, now.y]).toEqual([expect.closeTo(to[finger].x), expect.closeTo(to[finger].y)])
  }
})

test('a part that is shown is in the middle, and whole', () => {
  const view = showing({ x: 100, y: 50, width: 20, height: 10 }, { width: 400, height: 300 })
  expect(toScreen(imagePoint(110, 55), view)).toMatchObject({ x: 200, y: 150 })
  expect(20 * view.scale).toBeLessThanOrEqual(400)
})
