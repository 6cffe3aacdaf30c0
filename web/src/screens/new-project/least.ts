/**
 * The fewest checks that can ever certify: so many that, were one label more than allowed wrong, finding none of the
 * wrong ones would have at most `alpha` chance. Drawn without replacement (hypergeometric law, no wrong label found).
 *
 * @returns the number of checks; all labels when only looking at every one of them can show it.
 */
export function leastChecks(nLabels: number, error: number, confidence: number): number {
  const tooMany = Math.floor(error * nLabels + 1e-9) + 1
  if (tooMany > nLabels) return 0
  const alpha = 1 - confidence
  let logChance = 0
  for (let drawn = 0; drawn < nLabels - tooMany; drawn++) {
    logChance += Math.log((nLabels - tooMany - drawn) / (nLabels - drawn))
    if (logChance <= Math.log(alpha) + 1e-12) return drawn + 1
  }
  return nLabels - tooMany + 1
}

/** Targets that people choose, strict to loose. */
const USUAL_ERRORS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]

/** The strictest usual target that a check of at most half the labels can show; null when none can. */
export function looserError(nLabels: number, confidence: number): number | null {
  return USUAL_ERRORS.find((error) => leastChecks(nLabels, error, confidence) <= nLabels / 2) ?? null
}
