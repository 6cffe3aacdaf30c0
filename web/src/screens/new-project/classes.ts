import type { Fault, LabelClass } from '../../api/types'
import { normalKey, RESERVED_KEYS } from '../../kernel/keymap'

/** Differ in lightness as well as in hue; the same list as the server's default. */
export const PALETTE = [
  '#4411ff',
  '#eebb88',
  '#cc3377',
  '#22cccc',
  '#770099',
  '#aaee00',
  '#995533',
  '#9999ee',
  '#999900',
  '#aa55ff',
] as const

const DIGITS = [...'1234567890']

/** Add a class with the first colour and the first digit that are free. A class that is itself a digit gets its own key. */
export function withClass(classes: LabelClass[], name: string, description = ''): LabelClass[] {
  const keys = new Set(classes.map(({ hotkey }) => hotkey))
  const own = DIGITS.includes(name) && !keys.has(name) ? name : undefined
  const hotkey = own ?? DIGITS.find((digit) => !keys.has(digit)) ?? null
  const color = PALETTE[classes.length % PALETTE.length] ?? PALETTE[0]
  return [...classes, { name, title: null, color, hotkey, description, category_id: null }]
}

/** One class a line; what follows a tab, a colon or a semicolon describes it. Names that are there already are left out. */
export function classesFromList(text: string, before: LabelClass[]): LabelClass[] {
  return text
    .split(/\r?\n/)
    .map((line) => /^([^\t:;]+)(?:[\t:;]\s*(.*))?$/.exec(line.trim()))
    .reduce((classes, parts) => {
      const name = parts?.[1]?.trim()
      if (!name || classes.some((each) => each.name === name)) return classes
      return withClass(classes, name, parts?.[2]?.trim() ?? '')
    }, before)
}

type Words = {
  empty: string
  tooFew: string
  twice: string
  hotkeyTwice: string
  hotkeyReserved: string
  hotkeyLong: string
}

/** Every fault of the classes as they are being written; the server looks again. `where` is the row, or `classes`. */
export function classFaults(classes: LabelClass[], words: Words, least = 2): Fault[] {
  const faults: Fault[] = []
  const say = (code: string, message: string, where: string) => faults.push({ code, message, where, hint: null })
  if (classes.length < least) say('classes.too_few', words.tooFew, 'classes')
  const names = new Set<string>()
  const keys = new Set<string>()
  classes.forEach(({ name, hotkey }, row) => {
    const where = String(row)
    if (!name.trim()) say('name.empty', words.empty, where)
    else if (names.has(name)) say('name.twice', words.twice, where)
    names.add(name)
    if (!hotkey) return
    const key = normalKey(hotkey)
    if ([...hotkey].length > 1) say('hotkey.too_long', words.hotkeyLong, where)
    else if (RESERVED_KEYS.has(key)) say('hotkey.reserved', words.hotkeyReserved, where)
    else if (keys.has(key)) say('hotkey.twice', words.hotkeyTwice, where)
    keys.add(key)
  })
  return faults
}
