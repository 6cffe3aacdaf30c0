import { expect, test } from 'vitest'
import { looksLikeZip } from './moving'

const file = (...bytes: number[]) => new Blob([new Uint8Array(bytes)])

test.each([
  ['a ZIP', file(0x50, 0x4b, 3, 4, 20, 0), true],
  ['an empty ZIP', file(0x50, 0x4b, 5, 6, 0, 0), true],
  ['a text', new Blob(['PK is how it begins']), false],
  ['a file of two bytes', file(0x50, 0x4b), false],
  ['an empty file', file(), false],
  ['a gzip', file(0x1f, 0x8b, 8, 0), false],
])('%s is known by its first bytes', async (_, content, isZip) => {
  expect(await looksLikeZip(content)).toBe(isZip)
})
