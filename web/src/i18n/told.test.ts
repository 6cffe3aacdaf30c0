import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setupI18n } from '@lingui/core'
import { expect, test } from 'vitest'
import type { Said } from '../api/types'
import { messages as en } from './locales/en'
import { messages as fr } from './locales/fr'
import { inOurWords, told } from './told'

type Case = Said & { english: string }
const path = resolve(import.meta.dirname, '../../../contract/sayings.json')
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] }
const english = setupI18n({ locale: 'en', messages: { en } })
const french = setupI18n({ locale: 'fr', messages: { fr } })
const plain = (text: string | null) => text?.replaceAll(/\s/g, ' ')

test.each(cases)('$code is said in English as the server says it', (each) => {
  expect(inOurWords(each, english)).toBe(each.english)
})

test.each(cases)('$code is said in French, with every fact', ({ english: text, ...each }) => {
  const sentence = plain(told(text, [each], french)) ?? ''
  expect(sentence).not.toBe(text)
  expect(sentence).not.toMatch(/[{}#]|undefined|NaN/)
  if (text.includes('1,234')) expect(sentence).toContain('1 234')
  if (/1\.2\d*%/.test(text)) expect(sentence).toMatch(/1,2\d* %/)
  if (text.includes('“heron” <b>')) expect(sentence).toContain('“heron” <b>')
})

test('several sentences follow each other', () => {
  const said = [
    { code: 'pilot.alone', facts: {} },
    { code: 'pilot.start', facts: {} },
  ]
  const parts = said.map((one) => told('', [one], french))
  expect(told('', said, french)).toBe(parts.join(' '))
})

test.each([
  ['a code that a newer server has', [{ code: 'round.unheard_of', facts: {} }]],
  [
    'one known and one unknown',
    [
      { code: 'pilot.start', facts: {} },
      { code: '?', facts: {} },
    ],
  ],
  ['a name that every object has', [{ code: 'constructor', facts: {} }]],
  ['nothing', []],
  ['an older server', undefined],
])('%s is told in English', (_, said) => {
  expect(told('In English.', said, french)).toBe('In English.')
})
