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

/** The stakes of the gambler in `karat.measure.bounds.betting`. */
const STAKES = [1, ...Array.from({ length: 15 }, (_, at) => 1 - 0.02 * (0.98 / 0.02) ** (at / 14))]

/**
 * The same for objects, whose loss may be anything between 0 and 1: so many checks without any loss bring the bound on the
 * mean loss down to the target. The capital of the gambler who bets against it, asset by asset, has to reach 1 / alpha.
 */
export function leastChecksOfObjects(nAssets: number, error: number, confidence: number): number {
  const wanted = -Math.log(1 - confidence)
  const logs = STAKES.map(() => 0)
  for (let drawn = 0; drawn < nAssets; drawn++) {
    // What the mean of the rest would be if the target were just missed.
    const expected = (nAssets * error) / (nAssets - drawn)
    if (expected >= 1) return drawn + 1
    STAKES.forEach((stake, at) => {
      logs[at] = (logs[at] ?? 0) + Math.log1p(-stake + stake / (1 - expected))
    })
    const most = Math.max(...logs)
    const mean = logs.reduce((sum, each) => sum + Math.exp(each - most), 0) / logs.length
    if (most + Math.log(mean) >= wanted) return drawn + 1
  }
  return nAssets
}
