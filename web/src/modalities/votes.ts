import { exactSum } from './sum'

/** Unicode code points decide, as in Python: JavaScript's own order goes by UTF-16 units. */
export function comesBefore(a: string, b: string): boolean {
  const [left, right] = [[...a], [...b]]
  for (let place = 0; place < Math.min(left.length, right.length); place++) {
    const difference = (left[place]?.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? 0)
    if (difference) return difference < 0
  }
  return left.length < right.length
}

/** By code point, for `sort`. */
export const byCodePoint = (a: string, b: string): number => (a === b ? 0 : comesBefore(a, b) ? -1 : 1)

/** What most of the weight is for; of equals the first by code point. Nothing of nothing is the empty text. */
export function mostVotes(votes: readonly string[], weights: readonly number[]): string {
  const given = new Map<string, number[]>()
  votes.forEach((vote, place) => {
    given.set(vote, [...(given.get(vote) ?? []), weights[place] ?? 0])
  })
  let best: { name: string; weight: number } | null = null
  for (const [name, parts] of given) {
    const weight = exactSum(parts)
    if (!best || weight > best.weight || (weight === best.weight && comesBefore(name, best.name)))
      best = { name, weight }
  }
  return best?.name ?? ''
}

/** The value with half of the weight on either side; the middle between two where they share it evenly. */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const ordered = values
    .map((value, place) => ({ value, weight: weights[place] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.value - b.value)
  const half = exactSum(ordered.map(({ weight }) => weight)) / 2
  for (const [place, { value }] of ordered.entries()) {
    const reached = exactSum(ordered.slice(0, place + 1).map(({ weight }) => weight))
    if (reached > half) return value
    if (reached === half) {
      const following = ordered[place + 1]?.value ?? value
      return value === following ? value : (value + following) / 2
    }
  }
  return ordered.at(-1)?.value ?? 0
}
