import type { Asset, Certificate, KindName, Overview, Project } from '../api/types'
import { NOW } from './fakeRecords'

/** The project of the server in memory, and what is known of it. */

const COLORS = [
  '#4411ff',
  '#eebb88',
  '#cc3377',
  '#22cccc',
  '#770099',
  '#aaee00',
  '#995533',
  '#9999ee',
  '#999900',
  '#aa55ff',
]

type Shape = { kind: KindName; certified: boolean }

/** A project with these classes, half way or certified. */
export function project({ kind, certified }: Shape, names: string[]): Project {
  const isText = kind === 'text.class'
  return {
    id: 'p1',
    name: isText ? 'Intents of customers' : 'Handwritten digits',
    dataset_id: 'd1',
    state: 'running',
    ontology: {
      id: 'o1',
      version: 1,
      kind: kind,
      attributes: [],
      classes: names.map((name, place) => ({
        name,
        title: null,
        color: COLORS[place % COLORS.length] ?? '#000000',
        hotkey: isText ? String(place + 1) : name,
        category_id: null,
        description: isText ? '' : `The digit ${name}, however it is written.`,
      })),
    },
    instructions: {
      version: 1,
      text: '# What to do\n\nChoose the digit that the writer meant.\n\n- A seven may have a bar.\n- A one may have **serifs**.\n\nSkip what cannot be read.',
    },
    target: {
      budget: null,
      error: 0.01,
      confidence: 0.95,
      max_answers: 5,
      overlap: null,
      match_overlap: 0.5,
      min_agreement: 0.5,
      min_score: 0.5,
    },
    pilot: null,
    simulated: !isText,
    n_tasks: 10_000,
    created_at: '2026-11-21T18:00:00Z',
    phase: certified ? 'certified' : 'routing',
    phase_said: [],
    phase_sentence: certified
      ? 'The error is at most 1.0 % with 95 % confidence.'
      : 'People answer where the model is least sure; 3,480 labels are not sure enough yet.',
  }
}

export function asset(place: number, isText: boolean): Asset {
  const text = isText
    ? ([
        'Could you move my flight to Tuesday?',
        'أريد إلغاء رحلتي من فضلك',
        'Where is my money 🐈‍⬛?',
        'Will it rain in Oslo tomorrow?',
      ][place % 4] ?? '')
    : null
  return {
    id: `a${place}`,
    external_id: `digit-${place}`,
    name: isText ? `row ${place + 1}` : `${String(place).padStart(5, '0')}.png`,
    media: {
      url: isText ? null : `/media/${place}.svg`,
      thumbnail_url: null,
      media_type: isText ? 'text/plain' : 'image/png',
      width: isText ? null : 28,
      height: isText ? null : 28,
      length: text === null ? null : [...text].length,
      text,
      n_bytes: 312,
    },
    metadata: {},
    created_at: NOW,
  }
}

export function certificate(): Certificate {
  return {
    id: 'c1',
    project_id: 'p1',
    issued_at: NOW,
    statement: 'Of the 10,000 labels of “Handwritten digits” at most 1.0 % are wrong, with 95 % confidence.',
    error_upper_bound: 0.00988,
    target_error: 0.01,
    confidence: 0.95,
    n_labels: 10_000,
    n_checked: 470,
    n_wrong: 1,
    attempt: 1,
    public_key: 'aa',
    reference: 'simulated expert, error rate 0',
    simulated: true,
    method: 'hypergeometric',
    loss: null,
    sha256: '3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8',
    looks: [
      { n_checked: 320, max_wrong: 0, n_wrong: 1, error_upper_bound: 0.0146, mean_loss: null },
      { n_checked: 470, max_wrong: 1, n_wrong: 1, error_upper_bound: 0.00988, mean_loss: null },
      { n_checked: 640, max_wrong: 2, n_wrong: null, error_upper_bound: null, mean_loss: null },
    ],
  }
}

export function overview(project: Project, { certified, empty }: { certified: boolean; empty: boolean }): Overview {
  const stages = certified
    ? { model: 0, people: 0, review: 0, check: 0, done: 10_000 }
    : { model: 8_612, people: 96, review: 4, check: 0, done: 1_288 }
  return {
    project_id: 'p1',
    budget: null,
    at: NOW,
    phase: project.phase,
    phase_sentence: project.phase_sentence,
    phase_said: project.phase_said,
    stages,
    answers: {
      human: 1_384,
      people: 1_106,
      review: 8,
      check: 270,
      baseline: 30_000,
      saved: 0.954,
      saved_vs_one: 0.862,
    },
    error: {
      estimate: 0.0123,
      upper_bound: certified ? 0.00988 : null,
      confidence: 0.95,
      n_checked: certified ? 470 : 0,
      n_wrong: certified ? 1 : 0,
      certified,
      certificate_id: certified ? 'c1' : null,
      mean_loss: null,
      bound_so_far: null,
    },
    series: empty
      ? []
      : Array.from({ length: 11 }, (_, at) => ({
          answers: 100 * (at + 1),
          expected_error: 0.42 * Math.exp(-at / 2.6) + 0.006,
          changed: Math.round(900 * Math.exp(-at / 2)),
          model_accuracy: 1 - 0.38 * Math.exp(-at / 3) - 0.01,
          at: NOW,
        })),
    objects: null,
    beliefs: {
      edges: Array.from({ length: 21 }, (_, at) => at / 20),
      counts: [0, 0, 0, 0, 2, 4, 9, 14, 22, 31, 44, 52, 61, 83, 97, 120, 164, 310, 890, 8_097],
    },
    reliability: empty
      ? []
      : [0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95].map((confidence, at) => ({
          confidence,
          accuracy: confidence ** 1.2,
          n: 20 + at * at * 14,
        })),
    classes: project.ontology.classes.map(({ name }) => ({ name, n: 1_000 })),
    people: empty
      ? []
      : ['Ada', 'Bilal', 'Chiara'].map((name, at) => ({
          user_id: name,
          name,
          simulated: true,
          n_answers: 420 - at * 40,
          accuracy: 0.97 - at * 0.02,
          low: 0.95 - at * 0.025,
          high: 0.985 - at * 0.015,
          median_seconds: 1.4 + at * 0.3,
          detection: null,
          false_share: null,
          overlap: null,
        })),
    model: empty ? null : { version: 11, accuracy: 0.972, n_trained_on: 1_106, at: NOW },
    activity: { answers_last_minute: 184 },
    needs: empty
      ? []
      : [{ code: 'review.disputed', sentence: '4 assets are disputed and wait for a reviewer.', said: [], n: 4 }],
  }
}
