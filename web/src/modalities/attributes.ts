import { exactSum } from './sum'
import type { AttributeValues } from './vocabulary'
import { byCodePoint, mostVotes, weightedMedian } from './votes'

/** A payload of one class; where nothing was said of it the field may be left out. */
type Described = { readonly label_class: string; readonly attributes?: AttributeValues }

/**
 * What the payloads of the class that won say together: an attribute stays if at least half of their weight gives it.
 */
export function mergeAttributes(
  labelClass: string,
  payloads: readonly Described[],
  weights: readonly number[],
): AttributeValues {
  const told = payloads
    .map((one, place) => ({ of: one.label_class, values: one.attributes ?? {}, weight: weights[place] ?? 0 }))
    .filter(({ of, weight }) => of === labelClass && weight > 0)
  const half = exactSum(told.map(({ weight }) => weight)) / 2
  const names = [...new Set(told.flatMap(({ values }) => Object.keys(values)))].sort(byCodePoint)
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = told.filter(({ values }) => name in values)
      const weights = given.map(({ weight }) => weight)
      if (exactSum(weights) < half) return []
      return [
        [
          name,
          mergeValues(
            given.map(({ values }) => values[name] as AttributeValues[string]),
            weights,
          ),
        ],
      ]
    }),
  )
}

function mergeValues(values: AttributeValues[string][], weights: number[]): AttributeValues[string] {
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === values.length) return weightedMedian(numbers, weights)
  // A list is a set of options: one order for all, so that who chose the same says the same.
  const plain = values.map((value) => (Array.isArray(value) ? [...value].sort(byCodePoint) : value))
  const spelled = plain.map((value) => JSON.stringify(value))
  return plain[spelled.indexOf(mostVotes(spelled, weights))] as AttributeValues[string]
}
