/**
 * The sum as if computed exactly and rounded once, so that the order of the terms does not matter; equals Python's `math.fsum`
 * except in half-way cases of the last digit.
 *
 * Source: J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997.
 */
export function exactSum(terms: readonly number[]): number {
  let partials: number[] = []
  for (const term of terms) {
    let rest = term
    const kept: number[] = []
    for (const partial of partials) {
      const [large, small] = Math.abs(rest) < Math.abs(partial) ? [partial, rest] : [rest, partial]
      const sum = large + small
      const error = small - (sum - large)
      if (error) kept.push(error)
      rest = sum
    }
    partials = [...kept, rest]
  }
  return partials.reduceRight((total, partial) => total + partial, 0)
}
