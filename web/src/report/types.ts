import type { Overview } from '../api/types'

/** What a run writes for its report: the overview of the project, and what only the run knows. */
export type Report = {
  title: string
  /** How the people were made, in one sentence; shown first when they are simulated. */
  people_sentence: string | null
  statement: string | null
  target_error: number
  confidence: number
  certified: boolean
  certified_error_upper_bound: number | null
  n_assets: number
  n_checked: number
  human_answers: number
  human_answers_baseline: number
  human_answers_saved: number
  human_answers_saved_vs_one: number | null
  /** Share of wrong labels after repair; null where the truth is not known. */
  true_error: number | null
  true_error_series: { answers: number; true_error: number }[]
  seconds: number
  seed: number
  people: number
  made_at: string
  overview: Overview
}
