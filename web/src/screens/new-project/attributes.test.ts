import { expect, test } from 'vitest'
import type { Attribute } from '../../api/types'
import { attributeFaults, moved, newAttribute, ofType, optionsOf, tidied } from './attributes'

const words = { empty: 'empty', twice: 'twice', noOptions: 'options', limits: 'limits', noClass: 'class' }
const attribute = (part: Partial<Attribute>): Attribute => ({ ...newAttribute(), name: 'a', options: ['x'], ...part })
const codes = (...attributes: Attribute[]) =>
  attributeFaults(attributes, ['car', 'dog'], words).map(({ code, where }) => `${code}@${where}`)

test('a list is reordered one step at a time, and its ends hold', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
})

test('another type keeps what it can use and drops the rest', () => {
  expect(ofType(attribute({}), 'checkbox').options).toEqual(['x'])
  expect(ofType(attribute({ minimum: 1 }), 'text')).toMatchObject({ options: [], minimum: null })
  expect(ofType(attribute({ type: 'number', minimum: 1 }), 'number').minimum).toBe(1)
})

test('options are lines; blanks and repetitions are none', () => {
  expect(optionsOf(' red \n\nblue\r\nred\n')).toEqual(['red', 'blue'])
})

test('what the server would refuse is said while writing', () => {
  expect(codes(attribute({}))).toEqual([])
  expect(codes(attribute({ name: ' ' }), attribute({}), attribute({}))).toEqual(['name.empty@0', 'name.twice@2'])
  expect(codes(attribute({ options: [] }))).toEqual(['options.empty@0'])
  expect(codes(attribute({ type: 'checkbox', options: [] }))).toEqual([])
  expect(codes(attribute({ type: 'number', minimum: 3, maximum: 2 }))).toEqual(['limits.crossed@0'])
  expect(codes(attribute({ applies_to: ['cat'] }))).toEqual(['classes.none@0'])
})

test('a class that was taken away is no longer applied to', () => {
  expect(tidied([attribute({ name: ' a ', applies_to: ['car', 'gone'] })], ['car'])).toMatchObject([
    { name: 'a', applies_to: ['car'] },
  ])
})
