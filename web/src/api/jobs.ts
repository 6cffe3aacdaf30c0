import { request } from './client'
import { useOne, usePages, useWrite } from './queries'
import type { ChoreStatus, Id, Job, JobCounts, JobState } from './types'

export const useAllJobs = (state: JobState | null) => usePages<Job>('/jobs', { state }, 50, 2_000)

/** How many jobs wait, run and have failed for good. */
export const useJobCounts = () => useOne<JobCounts>('/job-counts', () => 2_000)
export const useChores = () => useOne<{ items: ChoreStatus[] }>('/chores', () => 10_000)
export const useRetryJob = () =>
  useWrite((id: Id) => request<Job>(`/jobs/${id}/retry`, { method: 'POST' }), ['/jobs', '/job-counts'])
