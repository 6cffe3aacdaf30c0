import { expect, test } from 'vitest'
import { toCsv } from './csv'

const columns = [
  { key: 'a', title: 'A' },
  { key: 'b', title: 'B' },
]

test('quotes, commas and line breaks survive, and missing values are empty', () => {
  expect(toCsv({ columns, rows: [{ a: 'say "hi", twice', b: null }] })).toBe('a,b\r\n"say ""hi"", twice",\r\n')
})

test('a cell is never a formula', () => {
  expect(toCsv({ columns, rows: [{ a: '=cmd()', b: -1 }] })).toBe("a,b\r\n'=cmd(),-1\r\n")
})
