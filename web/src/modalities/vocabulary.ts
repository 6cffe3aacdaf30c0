import type { Attribute, Fault } from '../api/types'

export type AttributeValue = string | number | boolean | string[]
export type AttributeValues = Readonly<Record<string, AttributeValue>>

/** What may be said: the names of label classes, and the attributes that annotations have. */
export type Vocabulary = { classes: readonly string[]; attributes: readonly Attribute[] }

const MAX_TEXT = 2000

const fault = (code: string, message: string, where: string, hint: string | null = null): Fault => ({
  code,
  message,
  where,
  hint,
})

/** The attributes of one label class, in the ontology's order. */
export const attributesOf = ({ attributes }: Pick<Vocabulary, 'attributes'>, labelClass: string): Attribute[] =>
  attributes.filter(({ applies_to }) => applies_to === null || applies_to.includes(labelClass))

export function checkClass(labelClass: string, { classes }: Vocabulary): Fault[] {
  if (classes.includes(labelClass)) return []
  return [fault('label_class.unknown', `“${labelClass}” is not a label class of this project.`, 'payload.label_class')]
}

/** Everything wrong with the attributes of an annotation; nothing is known of those of an unknown class. */
export function checkAttributes(labelClass: string, values: AttributeValues, vocabulary: Vocabulary): Fault[] {
  if (!vocabulary.classes.includes(labelClass)) return []
  const expected = attributesOf(vocabulary, labelClass)
  const unknown = Object.keys(values)
    .filter((name) => !expected.some((attribute) => attribute.name === name))
    .map((name) =>
      fault('attribute.unknown', `“${labelClass}” has no attribute “${name}”.`, `payload.attributes.${name}`),
    )
  return [...unknown, ...expected.flatMap((attribute) => checkAttribute(attribute, values[attribute.name]))]
}

/** What is wrong with one value; a list, since of many options more than one can be. */
export function checkAttribute(attribute: Attribute, value: AttributeValue | undefined): Fault[] {
  const where = `payload.attributes.${attribute.name}`
  const said = attribute.title || attribute.name
  if (value === undefined || (attribute.required && isBlank(value))) {
    return attribute.required ? [fault('attribute.missing', `“${said}” is required.`, where)] : []
  }
  if (!hasType(attribute, value)) {
    return [fault('attribute.wrong_type', `“${said}” has a value of the wrong type.`, where)]
  }
  if (typeof value === 'number') {
    const isIn = value >= (attribute.minimum ?? -Infinity) && value <= (attribute.maximum ?? Infinity)
    if (Number.isFinite(value) && isIn) return []
    return [fault('attribute.out_of_range', `${value} is not possible for “${said}”.`, where, limits(attribute))]
  }
  if (Array.isArray(value)) return value.flatMap((option, place) => checkOption(attribute, value, option, place))
  if (attribute.type === 'select' && !attribute.options.includes(value as string)) {
    return [fault('attribute.option_unknown', `“${said}” has no option “${value}”.`, where)]
  }
  if (attribute.type === 'text' && [...(value as string)].length > MAX_TEXT) {
    return [fault('attribute.too_long', `“${said}” has more than ${MAX_TEXT} characters.`, where)]
  }
  return []
}

function checkOption({ name, title, options }: Attribute, all: string[], option: string, place: number): Fault[] {
  const where = `payload.attributes.${name}.${place}`
  if (!options.includes(option)) {
    return [fault('attribute.option_unknown', `“${title || name}” has no option “${option}”.`, where)]
  }
  if (all.indexOf(option) === place) return []
  return [fault('attribute.option_repeated', `The option “${option}” is chosen twice.`, where)]
}

function hasType({ type, options }: Attribute, value: AttributeValue): boolean {
  if (type === 'number') return typeof value === 'number'
  if (type === 'checkbox') return options.length ? Array.isArray(value) : typeof value === 'boolean'
  return typeof value === 'string'
}

const isBlank = (value: AttributeValue) =>
  (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && !value.length)

const limits = ({ minimum, maximum }: Attribute) =>
  [minimum !== null && `≥ ${minimum}`, maximum !== null && `≤ ${maximum}`].filter(Boolean).join(', ') || null

/** What is wrong with the shape of attribute values that came from elsewhere. */
export function malformedValues(raw: unknown): string[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return ['payload.attributes']
  return Object.entries(raw)
    .filter(([, value]) => !isValue(value))
    .map(([name]) => `payload.attributes.${name}`)
}

const isValue = (value: unknown) =>
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string'))
