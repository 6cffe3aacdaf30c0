import { compile } from 'vega-lite'
import { expect, test } from 'vitest'
import { beliefHistogram, boundPlot, costPlot, errorOverAnswers, type PlotData, reliabilityPlot } from './specs'
import { plotTheme } from './theme'

const words = new Proxy({}, { get: (_, name) => String(name) }) as Record<string, string>
const series = [{ answers: 100, expected_error: 0.2, changed: 9, model_accuracy: 0.7, at: '' }]
const plots: [string, PlotData][] = [
  ['error', errorOverAnswers(series, 0.01, words, [{ answers: 100, true_error: 0.1 }])],
  ['beliefs', beliefHistogram({ edges: [0, 0.5, 1], counts: [1, 2] }, words)],
  ['reliability', reliabilityPlot([{ confidence: 0.5, accuracy: 0.4, n: 3 }], words)],
  ['cost', costPlot({ human: 3, people: 1, review: 1, check: 1, baseline: 9, saved: null, saved_vs_one: null }, words)],
  [
    'bound',
    boundPlot([{ n_checked: 300, max_wrong: 0, n_wrong: 0, error_upper_bound: 0.01, mean_loss: null }], 0.01, words),
  ],
]

test.each(plots)('the plot of %s compiles without a warning', (_, { spec }) => {
  const warnings: unknown[] = []
  const keep = (...said: unknown[]) => {
    warnings.push(said)
    return logger
  }
  const logger = { level: () => logger, error: keep, warn: keep, info: () => logger, debug: () => logger }
  compile(spec, { config: plotTheme(false), logger: logger as never })
  expect(warnings).toEqual([])
})

test.each(plots)('every column of the table of %s is in its rows', (_, { rows, columns }) => {
  for (const { key } of columns) expect(rows[0]).toHaveProperty(key)
})
