import type { Fault, LabelClass } from '../../api/types'
import { normalKey, RESERVED_KEYS } from '../../kernel/keymap'
import { fault } from '../setup/faults'

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

/** Classes as a template has them, each with a colour and the digit that is free. */
export function withKeys(classes: readonly LabelClass[]): LabelClass[] {
  const done: LabelClass[] = []
  for (const each of classes) {
    const made = withClass(done, each.name).at(-1)
    done.push({ ...each, color: each.color ?? made?.color ?? null, hotkey: each.hotkey ?? made?.hotkey ?? null })
  }
  return done
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

/** Every fault of the classes as they are being written, at the path that the server would name; the server looks again. */
export function classFaults(classes: readonly LabelClass[], words: Words, least = 2): Fault[] {
  const faults: Fault[] = []
  if (classes.length < least) faults.push(fault('classes', 'classes.too_few', words.tooFew))
  const names = new Set<string>()
  const keys = new Set<string>()
  classes.forEach(({ name, hotkey }, row) => {
    const say = (field: 'name' | 'hotkey', code: string, message: string) =>
      faults.push(fault(`classes.${row}.${field}`, `${field}.${code}`, message))
    if (!name.trim()) say('name', 'empty', words.empty)
    else if (names.has(name.trim())) say('name', 'twice', words.twice)
    names.add(name.trim())
    if (!hotkey) return
    const key = normalKey(hotkey)
    if ([...hotkey].length > 1) say('hotkey', 'too_long', words.hotkeyLong)
    else if (RESERVED_KEYS.has(key)) say('hotkey', 'reserved', words.hotkeyReserved)
    else if (keys.has(key)) say('hotkey', 'twice', words.hotkeyTwice)
    keys.add(key)
  })
  return faults
}
