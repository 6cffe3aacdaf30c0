import { expect, test } from 'vitest'
import { formatter } from './format'

const en = formatter('en')
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

test('a bound is rounded up: it never reads as less than it is', () => {
  expect(en.errorBound(0.00981)).toBe('0.99%')
  expect(en.errorBound(0.01)).toBe('1.00%')
  expect(en.errorBound(0.0100001)).toBe('1.01%')
  expect(en.errorBound(0)).toBe('0.0%')
})

test('what is not known is a dash, not a zero', () => {
  expect([en.percent(null), en.number(null), en.bytes(null), en.seconds(null), en.errorBound(null)]).toEqual(
    Array(5).fill('–'),
  )
})

test('numbers follow the language', () => {
  expect(en.number(10_000)).toBe('10,000')
  expect(plain(formatter('fr').number(10_000))).toBe('10 000')
  expect(plain(formatter('fr').percent(0.125))).toBe('12,5 %')
})

test('sizes, times and clocks are short', () => {
  expect(en.bytes(312)).toBe('312 byte')
  expect(en.bytes(3_120_000)).toBe('3.1 MB')
  expect(en.clock(41_000)).toBe('0:41')
  expect(en.clock(3_723_000)).toBe('1:02:03')
  expect(en.ago(0, 7_200_000)).toBe('2 hr. ago')
})
