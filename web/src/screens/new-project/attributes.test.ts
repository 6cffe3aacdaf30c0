import { expect, test } from 'vitest'
import type { Attribute } from '../../api/types'
import { attributeFaults, newAttribute, ofType, optionsOf, tidied } from './attributes'

const words = { empty: 'empty', twice: 'twice', noOptions: 'options', limits: 'limits', noClass: 'class' }
const attribute = (part: Partial<Attribute>): Attribute => ({ ...newAttribute(), name: 'a', options: ['x'], ...part })
const codes = (...attributes: Attribute[]) =>
  attributeFaults(attributes, ['car', 'dog'], words).map(({ code, where }) => `${code}@${where}`)

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
  expect(codes(attribute({ name: ' ' }), attribute({}), attribute({}))).toEqual([
    'name.empty@attributes.0.name',
    'name.twice@attributes.2.name',
  ])
  expect(codes(attribute({ options: [] }))).toEqual(['options.empty@attributes.0.options'])
  expect(codes(attribute({ type: 'checkbox', options: [] }))).toEqual([])
  expect(codes(attribute({ type: 'number', minimum: 3, maximum: 2 }))).toEqual(['limits.crossed@attributes.0.minimum'])
  expect(codes(attribute({ applies_to: ['cat'] }))).toEqual(['classes.none@attributes.0.applies_to'])
})

test('a class that was taken away is no longer applied to', () => {
  expect(tidied([attribute({ name: ' a ', applies_to: ['car', 'gone'] })], ['car'])).toMatchObject([
    { name: 'a', applies_to: ['car'] },
  ])
})
