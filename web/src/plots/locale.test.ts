import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { expect, test } from 'vitest'
import { numberLocale } from './locale'

/** The texts of a picture with one axis of counts and one of shares, as a browser would draw it. */
async function texts(language: string): Promise<string[]> {
  const spec: TopLevelSpec = {
    data: { values: [0, 0.125].map((share) => ({ share, n: share * 400_000 })) },
    mark: 'point',
    encoding: {
      x: { field: 'n', type: 'quantitative' },
      y: { field: 'share', type: 'quantitative', axis: { format: '.1~%', values: [0.125] } },
    },
  }
  const compiled = compile(spec, { config: { locale: { number: numberLocale(language) } } }).spec
  const svg = await new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG()
  return [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => (text ?? '').replaceAll(/\s/g, ' '))
}

test.each([
  ['en', '50,000', '12.5%'],
  ['fr', '50 000', '12,5 %'],
  ['de', '50.000', '12,5 %'],
])('axes in %s are written as the figures beside them', async (language, count, share) => {
  const written = await texts(language)
  expect(written).toContain(count)
  expect(written).toContain(share)
  const figure = new Intl.NumberFormat(language).format(50_000).replaceAll(/\s/g, ' ')
  expect(count).toBe(figure)
})
