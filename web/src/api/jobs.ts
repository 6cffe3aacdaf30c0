import { request } from './client'
import { MOVED_BY_JOBS } from './following'
import { useOne, usePages, useWrite } from './queries'
import type { ChoreStatus, Id, Job, JobCounts, JobState } from './types'

export const useAllJobs = (state: JobState | null) => usePages<Job>('/jobs', { state }, 50, 2_000)

/** How many jobs wait, run and have failed for good. */
export const useJobCounts = () => useOne<JobCounts>('/job-counts', () => 2_000)
export const useChores = () => useOne<{ items: ChoreStatus[] }>('/chores', () => 10_000)

const useDeed = (deed: 'cancel' | 'retry') =>
  useWrite((id: Id) => request<Job>(`/jobs/${id}/${deed}`, { method: 'POST' }), MOVED_BY_JOBS)
export const useCancelJob = () => useDeed('cancel')
export const useRetryJob = () => useDeed('retry')
