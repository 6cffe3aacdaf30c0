import type { TopLevelSpec } from 'vega-lite'
import type { Look, Overview } from '../api/types'

/** The words of a plot, translated by whoever shows it. */
export type Words = Record<string, string>

/** A plot and the rows behind it: the same rows make the picture, the table and the CSV. */
export type PlotData = {
  spec: TopLevelSpec
  columns: { key: string; title: string }[]
  rows: Record<string, number | string | null>[]
}

const BASE = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', width: 'container', height: 200 } as const
const PERCENT = { format: '.1~%' } as const

/** Expected error and labels changed, batch by batch, over human answers; the target as a line. */
export function errorOverAnswers(
  series: Overview['series'],
  target: number | null,
  words: Words,
  truth?: { answers: number; true_error: number }[],
): PlotData {
  const rows = series.map(({ answers, expected_error, changed, model_accuracy }) => ({
    answers,
    expected_error,
    changed,
    model_accuracy,
  }))
  const long = [
    ...rows.flatMap(({ answers, expected_error, model_accuracy }) => [
      { answers, error: expected_error, what: words.expected },
      { answers, error: model_accuracy === null ? null : 1 - model_accuracy, what: words.model },
    ]),
    ...(truth ?? []).map(({ answers, true_error }) => ({ answers, error: true_error, what: words.truth })),
  ].filter(({ error }) => error !== null)
  return {
    rows,
    columns: [
      { key: 'answers', title: words.answers ?? '' },
      { key: 'expected_error', title: words.expected ?? '' },
      { key: 'model_accuracy', title: words.modelAccuracy ?? '' },
      { key: 'changed', title: words.changed ?? '' },
    ],
    spec: {
      ...BASE,
      layer: [
        {
          data: { values: long },
          mark: { type: 'line', point: { size: 18 }, tooltip: true },
          encoding: {
            x: { field: 'answers', type: 'quantitative', title: words.answers },
            y: { field: 'error', type: 'quantitative', title: words.error, axis: PERCENT },
            color: { field: 'what', type: 'nominal', sort: null },
            strokeDash: { field: 'what', type: 'nominal', sort: null },
          },
        },
        ...(target === null
          ? []
          : [
              {
                data: { values: [{ target }] },
                mark: { type: 'rule' as const, strokeDash: [4, 4] },
                encoding: { y: { field: 'target', type: 'quantitative' as const } },
              },
            ]),
      ],
    },
  }
}

/** How sure the labels are: assets by the probability of their likeliest class. */
export function beliefHistogram(beliefs: Overview['beliefs'], words: Words): PlotData {
  const rows = beliefs.counts.map((n, place) => ({
    from: beliefs.edges[place] ?? 0,
    to: beliefs.edges[place + 1] ?? 1,
    n,
  }))
  return {
    rows: rows.some(({ n }) => n > 0) ? rows : [],
    columns: [
      { key: 'from', title: words.from ?? '' },
      { key: 'to', title: words.to ?? '' },
      { key: 'n', title: words.assets ?? '' },
    ],
    spec: {
      ...BASE,
      data: { values: rows.filter(({ n }) => n > 0) },
      mark: { type: 'bar', tooltip: true, cursor: 'pointer', binSpacing: 1 },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: { binned: true },
          title: words.belief,
          axis: { format: '.0%' },
          scale: { domain: [0, 1] },
        },
        x2: { field: 'to' },
        y: { field: 'n', type: 'quantitative', title: words.assets, stack: null, scale: { type: 'sqrt' } },
      },
    },
  }
}

/** Does the model claim what it keeps? On the diagonal it does. */
export function reliabilityPlot(points: Overview['reliability'], words: Words): PlotData {
  const rows = points.map(({ confidence, accuracy, n }) => ({ confidence, accuracy, n }))
  return {
    rows,
    columns: [
      { key: 'confidence', title: words.confidence ?? '' },
      { key: 'accuracy', title: words.accuracy ?? '' },
      { key: 'n', title: words.assets ?? '' },
    ],
    spec: {
      ...BASE,
      layer: [
        {
          data: { values: [{ x: 0 }, { x: 1 }] },
          mark: { type: 'line', strokeDash: [4, 4], color: '#8a8781', strokeWidth: 1 },
          encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'x', type: 'quantitative' } },
        },
        {
          data: { values: rows },
          mark: { type: 'line', opacity: 0.4 },
          encoding: {
            x: { field: 'confidence', type: 'quantitative' },
            y: { field: 'accuracy', type: 'quantitative' },
          },
        },
        {
          data: { values: rows },
          mark: { type: 'circle', tooltip: true, opacity: 0.9, cursor: 'pointer' },
          encoding: {
            x: {
              field: 'confidence',
              type: 'quantitative',
              title: words.confidence,
              axis: { format: '.0%' },
              scale: { domain: [0, 1] },
            },
            y: {
              field: 'accuracy',
              type: 'quantitative',
              title: words.accuracy,
              axis: { format: '.0%' },
              scale: { domain: [0, 1] },
            },
            size: { field: 'n', type: 'quantitative', legend: null, scale: { range: [20, 260] } },
          },
        },
      ],
    },
  }
}

/** Answers of people so far beside what three answers an asset would have cost. */
export function costPlot(answers: Overview['answers'], words: Words): PlotData {
  const rows = [
    { what: words.spent ?? '', part: words.people ?? '', answers: answers.people },
    { what: words.spent ?? '', part: words.review ?? '', answers: answers.review },
    { what: words.spent ?? '', part: words.check ?? '', answers: answers.check },
    { what: words.baseline ?? '', part: words.baselinePart ?? '', answers: answers.baseline },
  ]
  return {
    rows,
    columns: [
      { key: 'what', title: '' },
      { key: 'part', title: '' },
      { key: 'answers', title: words.answers ?? '' },
    ],
    spec: {
      ...BASE,
      height: 150,
      data: { values: rows },
      mark: { type: 'bar', tooltip: true, height: 34 },
      encoding: {
        y: { field: 'what', type: 'nominal', title: null, sort: null, axis: { labelLimit: 220 } },
        x: { field: 'answers', type: 'quantitative', title: words.answers },
        color: { field: 'part', type: 'nominal', sort: null, legend: { symbolType: 'square' } },
      },
    },
  }
}

/** The bound, look by look, falling towards the target. */
export function boundPlot(looks: Look[], target: number, words: Words): PlotData {
  const rows = looks.map(({ n_checked, max_wrong, n_wrong, error_upper_bound }) => ({
    n_checked,
    max_wrong,
    n_wrong,
    error_upper_bound,
  }))
  return {
    rows,
    columns: [
      { key: 'n_checked', title: words.checked ?? '' },
      { key: 'max_wrong', title: words.maxWrong ?? '' },
      { key: 'n_wrong', title: words.wrong ?? '' },
      { key: 'error_upper_bound', title: words.bound ?? '' },
    ],
    spec: {
      ...BASE,
      layer: [
        {
          data: { values: [{ target }] },
          mark: { type: 'rule', strokeDash: [4, 4], strokeWidth: 1.5 },
          encoding: { y: { field: 'target', type: 'quantitative' } },
        },
        {
          data: { values: rows.filter(({ error_upper_bound }) => error_upper_bound !== null) },
          mark: { type: 'line', point: { size: 60, filled: true }, tooltip: true },
          encoding: {
            x: { field: 'n_checked', type: 'quantitative', title: words.checked, scale: { zero: true } },
            y: {
              field: 'error_upper_bound',
              type: 'quantitative',
              title: words.bound,
              axis: PERCENT,
              scale: { zero: true },
            },
          },
        },
        {
          data: { values: rows },
          mark: { type: 'tick', orient: 'vertical', thickness: 1, opacity: 0.5 },
          encoding: { x: { field: 'n_checked', type: 'quantitative' }, y: { datum: 0 } },
        },
      ],
    },
  }
}
