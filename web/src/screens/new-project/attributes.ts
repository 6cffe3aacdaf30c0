import type { Attribute, Fault } from '../../api/types'
import { fault } from '../setup/faults'

/** An attribute as it is being written. */
export const newAttribute = (): Attribute => ({
  name: '',
  title: null,
  type: 'select',
  options: [],
  required: false,
  minimum: null,
  maximum: null,
  description: '',
  applies_to: null,
})

/** What of an attribute means something for another type; the rest would be refused. */
export function ofType(attribute: Attribute, type: Attribute['type']): Attribute {
  const hasOptions = type === 'select' || type === 'checkbox'
  const limits = type === 'number' ? {} : { minimum: null, maximum: null }
  return { ...attribute, ...limits, type, options: hasOptions ? attribute.options : [] }
}

/** One option a line; blank lines and repetitions are left out. */
export const optionsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

type Words = { empty: string; twice: string; noOptions: string; limits: string; noClass: string }

/** Every fault of the attributes as they are being written, at the path that the server would name; the server looks again. */
export function attributeFaults(attributes: readonly Attribute[], classes: readonly string[], words: Words): Fault[] {
  const faults: Fault[] = []
  const names = new Set<string>()
  attributes.forEach(({ name, type, options, minimum, maximum, applies_to }, row) => {
    const say = (field: keyof Attribute, code: string, message: string) =>
      faults.push(fault(`attributes.${row}.${field}`, code, message))
    if (!name.trim()) say('name', 'name.empty', words.empty)
    else if (names.has(name.trim())) say('name', 'name.twice', words.twice)
    names.add(name.trim())
    if (type === 'select' && !options.length) say('options', 'options.empty', words.noOptions)
    if (minimum !== null && maximum !== null && minimum > maximum) say('minimum', 'limits.crossed', words.limits)
    if (applies_to && !applies_to.some((each) => classes.includes(each)))
      say('applies_to', 'classes.none', words.noClass)
  })
  return faults
}

/** As they are sent: classes that are no more have gone from what they apply to. `classes` are named as `applies_to` names them. */
export const tidied = (attributes: readonly Attribute[], classes: readonly string[]): Attribute[] =>
  attributes.map((attribute) => ({
    ...attribute,
    name: attribute.name.trim(),
    applies_to: attribute.applies_to?.filter((name) => classes.includes(name)) ?? null,
  }))
