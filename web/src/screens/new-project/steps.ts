import { Problem } from '../../api/client'
import type { Fault } from '../../api/types'
import { inBody } from '../setup/faults'
import { atPlaces } from '../setup/sections'

/** The first word of a fault's path, or the code of an error, by the step on which it can be put right. */
const STEPS: readonly (readonly string[])[] = [
  ['dataset_id', 'dataset.not_found'],
  ['kind', 'classes', 'attributes', 'project.kind_does_not_fit', 'kind.unknown'],
  ['instructions', 'sections'],
  ['target'],
  ['name', 'pilot'],
]

export const stepOf = (what: string): number => STEPS.findIndex((all) => all.includes(what))

/** The faults that belong to a step. */
export const faultsOfStep = (faults: readonly Fault[], step: number): Fault[] =>
  faults.filter(({ where }) => stepOf(where.split('.')[0] ?? '') === step)

/** What a refusal says of the fields here; `places` are those of the sections that were sent. */
export const refusedFaults = (cause: unknown, places: readonly number[]): Fault[] =>
  cause instanceof Problem ? atPlaces(inBody(cause.faults), places) : []

/** The first step that a refusal concerns; null where it concerns none of them. */
export function refusedStep(cause: unknown, faults: readonly Fault[]): number | null {
  const steps = faults.map(({ where }) => stepOf(where.split('.')[0] ?? '')).filter((step) => step >= 0)
  if (steps.length) return Math.min(...steps)
  const ofCode = cause instanceof Problem ? stepOf(cause.code) : -1
  return ofCode < 0 ? null : ofCode
}
