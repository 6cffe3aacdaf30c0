import { type I18n, i18n } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import type { Said } from '../api/types'
import { SAYINGS } from './sayings'

/** A number as Python's format would write it (`.1%`, `.4g%`, `.2f`, `.3g`), with the signs of the language. */
function written(value: unknown, how: string | undefined, locale: string): unknown {
  const [, digits, fixed] = /^\.(\d)([f%])?/.exec(how ?? '') ?? []
  if (!how || typeof value !== 'number') return value
  const n = Number(digits)
  return new Intl.NumberFormat(locale, {
    style: how.endsWith('%') ? 'percent' : 'decimal',
    ...(fixed ? { minimumFractionDigits: n, maximumFractionDigits: n } : { maximumSignificantDigits: n }),
  }).format(value)
}

/** One sentence of the server in the language that is spoken here; null where we have no words for it. */
export function inOurWords({ code, facts }: Said, speaker: I18n): string | null {
  // What a server says is no name of a property: `Object.hasOwn` keeps `constructor` from being a sentence.
  const saying = Object.hasOwn(SAYINGS, code) ? SAYINGS[code] : undefined
  if (!saying) return null
  const values = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, written(value, saying.as?.[name], speaker.locale)]),
  )
  return speaker._({ ...saying.says, values })
}

/** What the server told: its English, or the same sentence by sentence in another language, where all of them are known. */
export function told(english: string, said: readonly Said[] | undefined, speaker: I18n = i18n): string {
  if (speaker.locale === 'en' || !said?.length) return english
  const sentences = said.map((one) => inOurWords(one, speaker))
  return sentences.some((one) => one === null) ? english : sentences.join(' ')
}

/** `told`, shown anew when the language changes. */
export function useTold(): (english: string, said: readonly Said[] | undefined) => string {
  const { i18n: speaker } = useLingui()
  return (english, said) => told(english, said, speaker)
}
