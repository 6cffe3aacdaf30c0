import type { Fault } from '../../../api/types'
import { type Box, bottom, right } from '../../../geometry/boxes'
import { mergeAttributes } from '../../attributes'
import type { Kind, MediaFacts } from '../../kind'
import { type AttributeValues, checkAttributes, checkClass, malformedValues } from '../../vocabulary'
import { mostVotes, weightedMedian } from '../../votes'

/** An upright rectangle around one thing in an image, in pixels of the original. */
export type BoxPayload = Box & { readonly label_class: string; readonly attributes: AttributeValues }

export const MIN_SIZE = 0.01
const EDGE_ROUNDING = 1e-6
const NUMBERS = ['x', 'y', 'width', 'height'] as const
const FIELDS: readonly string[] = ['label_class', ...NUMBERS, 'attributes']

const fault = (code: string, message: string, where: string): Fault => ({ code, message, where, hint: null })
const malformed = (where: string, message: string) => fault('payload.malformed', message, where)

function read(raw: unknown): { payload: BoxPayload } | { faults: Fault[] } {
  const fields = raw && typeof raw === 'object' ? (raw as Record<string, unknown>) : {}
  const { label_class, attributes = {} } = fields
  const faults: Fault[] = []
  const length = typeof label_class === 'string' ? [...label_class].length : 0
  if (length < 1 || length > 200) {
    faults.push(malformed('payload.label_class', 'A label class is a name of 1 to 200 characters.'))
  }
  for (const name of NUMBERS) {
    if (typeof fields[name] !== 'number') faults.push(malformed(`payload.${name}`, `“${name}” is a number of pixels.`))
  }
  for (const where of malformedValues(attributes)) {
    faults.push(malformed(where, 'Expected a text, a number, true or false, or a list of texts.'))
  }
  for (const name of Object.keys(fields).filter((each) => !FIELDS.includes(each))) {
    faults.push(malformed(`payload.${name}`, `A box has no field “${name}”.`))
  }
  return faults.length
    ? { faults }
    : { payload: { ...(fields as BoxPayload), attributes: attributes as AttributeValues } }
}

/** What is wrong with the place and size of a box, whatever its class says. */
export function boxFaults(box: Box, { width, height }: Pick<MediaFacts, 'width' | 'height'>): Fault[] {
  const infinite = NUMBERS.filter((name) => !Number.isFinite(box[name]))
  if (infinite.length) {
    return infinite.map((name) =>
      fault('box.not_finite', `The box's ${name} is no number of pixels.`, `payload.${name}`),
    )
  }
  const small = (['width', 'height'] as const).filter((name) => box[name] < MIN_SIZE)
  if (small.length) {
    return small.map((name) => fault('box.too_small', `The box's ${name} is ${box[name]} pixels.`, `payload.${name}`))
  }
  return [...outside('x', box.x, right(box), width), ...outside('y', box.y, bottom(box), height)]
}

function outside(name: string, first: number, last: number, size: number | null): Fault[] {
  if (first >= -EDGE_ROUNDING && (size === null || last <= size + EDGE_ROUNDING)) return []
  const message = `The box reaches from ${name} = ${first} to ${last}, beyond the image${size === null ? '' : `: that ends at ${size}`}.`
  return [fault('box.outside', message, `payload.${name}`)]
}

/** Intersection over union. Widths are taken from edge to edge, so that a box overlaps itself by exactly 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(right(a), right(b)) - Math.max(a.x, b.x)
  const height = Math.min(bottom(a), bottom(b)) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const area = (box: Box) => (right(box) - box.x) * (bottom(box) - box.y)
  const shared = width * height
  return shared / (area(a) + area(b) - shared)
}

function mergeSpan(spans: { from: number; size: number }[], weights: readonly number[]) {
  const from = weightedMedian(
    spans.map((span) => span.from),
    weights,
  )
  const to = weightedMedian(
    spans.map((span) => span.from + span.size),
    weights,
  )
  // Where one box gave both edges its size is kept to the last digit: to - from may differ from it by rounding.
  const kept = spans.filter((span) => span.from === from && span.from + span.size === to).map(({ size }) => size)
  return { from, size: kept.length ? Math.min(...kept) : to - from }
}

function merge(payloads: readonly BoxPayload[], weights: readonly number[]): BoxPayload {
  const label_class = mostVotes(
    payloads.map((one) => one.label_class),
    weights,
  )
  const across = mergeSpan(
    payloads.map(({ x, width }) => ({ from: x, size: width })),
    weights,
  )
  const down = mergeSpan(
    payloads.map(({ y, height }) => ({ from: y, size: height })),
    weights,
  )
  return {
    label_class,
    x: across.from,
    y: down.from,
    width: across.size,
    height: down.size,
    attributes: mergeAttributes(label_class, payloads, weights),
  }
}

/** Boxes around things in an image: the rules, as on the server. */
export const imageBox: Kind<BoxPayload> = {
  name: 'image.box',
  modality: 'image',
  read,
  check(payload, media, vocabulary) {
    const isOther = media.modality !== 'image'
    return [
      ...(isOther ? [fault('kind.wrong_modality', `image.box is for images, this is ${media.modality}.`, 'kind')] : []),
      ...checkClass(payload.label_class, vocabulary),
      ...boxFaults(payload, media),
      ...checkAttributes(payload.label_class, payload.attributes, vocabulary),
    ]
  },
  overlap,
  similarity: (a, b) => (a.label_class === b.label_class ? overlap(a, b) : 0),
  merge,
}
