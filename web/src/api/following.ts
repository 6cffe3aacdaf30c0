type Moving = { state: string } | null | undefined

/** Whether what a job makes is still to come. */
export const isMoving = (record: Moving): boolean => record?.state === 'queued' || record?.state === 'running'

/** How often to ask for a record until it has ended; one that is not known yet is asked for as well. */
export const whileMoving =
  (everyMs = 700) =>
  (record: Moving): number | false =>
    !record || isMoving(record) ? everyMs : false

/** Where jobs and what is made by them are read: stopping a job or trying it anew changes all of it. */
export const MOVED_BY_JOBS = [
  '/jobs',
  '/job-counts',
  '/archives',
  '/datasets',
  '/exports',
  '/imports',
  '/prediction-runs',
  '/project-imports',
  '/projects',
]
