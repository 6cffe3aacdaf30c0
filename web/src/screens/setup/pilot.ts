import type { Fault, NewPilot } from '../../api/types'
import { fault } from './faults'
import type { Way } from './target'

/** A pilot as it is being written. */
export type PilotDraft = { isWanted: boolean; n_tasks: number | null; overlap: number | null }

const LEAST_TASKS = 5
const MOST_TASKS = 500
const USUAL_TASKS = 30
/** With fewer assets than this a pilot is most of the work, and looking at the first answers does as well. */
const WORTH_FROM = 100

/** Whether to look first, and at how many; `why` is what speaks against it. */
export type Recommendation = PilotDraft & { why: 'few' | 'model' | null }

export function recommended(nAssets: number, way: Way): Recommendation {
  const sized = { n_tasks: Math.max(LEAST_TASKS, Math.min(USUAL_TASKS, nAssets)), overlap: 2 }
  if (way === 'model') return { ...sized, isWanted: false, why: 'model' }
  if (nAssets < WORTH_FROM) return { ...sized, isWanted: false, why: 'few' }
  return { ...sized, isWanted: true, why: null }
}

/** The pilot as it is sent. */
export const pilotOf = ({ isWanted, n_tasks, overlap }: PilotDraft): NewPilot | null =>
  isWanted && n_tasks !== null && overlap !== null ? { n_tasks, overlap } : null

type Words = {
  missing: string
  numbers: (low: number, high: number) => string
  tooMany: (n: number) => string
  tooDear: (n: number) => string
}

/** Every fault of the pilot; `paid` is what the budget pays for. */
export function pilotFaults(pilot: PilotDraft, nAssets: number, paid: number | null, words: Words): Fault[] {
  if (!pilot.isWanted) return []
  const faults: Fault[] = []
  const within = (name: 'n_tasks' | 'overlap', low: number, high: number) => {
    const value = pilot[name]
    if (value === null) faults.push(fault(`pilot.${name}`, 'pilot.missing', words.missing))
    else if (value < low || value > high) faults.push(fault(`pilot.${name}`, 'pilot.limits', words.numbers(low, high)))
  }
  within('n_tasks', LEAST_TASKS, MOST_TASKS)
  within('overlap', 1, 10)
  if (faults.length || pilot.n_tasks === null || pilot.overlap === null) return faults
  if (nAssets > 0 && pilot.n_tasks > nAssets) return [fault('pilot.n_tasks', 'pilot.too_many', words.tooMany(nAssets))]
  if (paid !== null && pilot.n_tasks * pilot.overlap > paid) {
    return [fault('pilot.n_tasks', 'pilot.too_dear', words.tooDear(paid))]
  }
  return []
}
