import { expect, test } from 'vitest'
import { currencies, inCurrency, minorDigits, money } from './money'

test('amounts are kept in minor units and shown in major ones', () => {
  expect(money(1_250, 'EUR', 'en')).toBe('€12.50')
  expect(money(1_250, 'JPY', 'en')).toBe('¥1,250')
  expect(money(1_250, 'KWD', 'en').replaceAll(/\s/g, ' ')).toBe('KWD 1.250')
  expect(money(8, 'EUR', 'fr').replaceAll(/\s/g, ' ')).toBe('0,08 €')
})

test('a currency that is being typed is no reason to fail', () => {
  expect(minorDigits('EU')).toBe(2)
  expect(money(1_250, '', 'en')).toBe('12.5')
})

test('another currency keeps the number that people see', () => {
  expect(inCurrency(500, 'EUR', 'JPY')).toBe(5)
  expect(inCurrency(5, 'JPY', 'EUR')).toBe(500)
  expect(inCurrency(null, 'JPY', 'EUR')).toBeNull()
})

test('every currency is offered once', () => {
  expect(new Set(currencies()).size).toBe(currencies().length)
  expect(currencies()[0]).toBe('EUR')
})
