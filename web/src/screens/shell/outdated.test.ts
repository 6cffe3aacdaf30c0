import { beforeEach, expect, test } from 'vitest'
import { takeLoadingAnew, watchForMissingParts } from './outdated'

beforeEach(() => sessionStorage.clear())

test('a page is loaded anew when a part of it is missing, and not again and again', () => {
  watchForMissingParts()
  expect(takeLoadingAnew(50_000)).toBe(false)
  dispatchEvent(new Event('vite:preloadError'))
  expect(takeLoadingAnew(50_000)).toBe(true)
  expect(takeLoadingAnew(55_000)).toBe(false)
  expect(takeLoadingAnew(80_000)).toBe(true)
})
