import { expect, test } from 'vitest'
import { newId } from './ids'

test('an id is a version 7 UUID that begins with its time', () => {
  const id = newId(0x0123456789ab)
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('ids sort in the order in which they were made, also within a millisecond and when the clock goes back', () => {
  const made = Array.from({ length: 10_000 }, (_, place) => newId(2_000_000_000_000 - (place % 3)))
  expect([...made].sort()).toEqual(made)
  expect(new Set(made).size).toBe(made.length)
})
