import { type UseQueryResult, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { query, request } from './client'
import { whileMoving } from './following'
import type {
  ApiKey,
  Asset,
  AuditEntry,
  Certificate,
  Check,
  Dataset,
  Explanation,
  Export,
  Format,
  Id,
  Import,
  Job,
  MadeKey,
  Modality,
  NewKey,
  Overview,
  Page,
  Project,
  ReviewReason,
  TaskDetail,
  TaskRow,
} from './types'

/** All pages of a list as one growing array. */
export function usePages<T>(
  path: string | null,
  filters: Record<string, string | number | null> = {},
  limit = 50,
  everyMs?: number,
) {
  const pages = useInfiniteQuery({
    queryKey: [path, filters, limit],
    enabled: path !== null,
    refetchInterval: everyMs,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request<Page<T>>(`${path}${query({ ...filters, limit, cursor: pageParam })}`, { signal }),
    getNextPageParam: (page) => page.next_cursor,
  })
  const items = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  return { ...pages, items }
}

export function useOne<T>(path: string | null, every?: (data: T | undefined) => number | false): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path],
    enabled: path !== null,
    queryFn: ({ signal }) => request<T>(path as string, { signal }),
    refetchInterval: every ? (state) => every(state.state.data) : false,
  })
}

export const useProjects = () => usePages<Project>('/projects')
export const useProject = (id: Id) => useOne<Project>(`/projects/${id}`)
export const useDatasets = () => usePages<Dataset>('/datasets')
export const useDataset = (id: Id | null) => useOne<Dataset>(id && `/datasets/${id}`)
export const useAssets = (dataset: Id | null, q: string) =>
  usePages<Asset>(dataset && `/datasets/${dataset}/assets`, { q })
export const useImports = (dataset: Id | null) => usePages<Import>(dataset && `/datasets/${dataset}/imports`)
export const useImport = (id: Id | null) => useOne<Import>(id && `/imports/${id}`, whileMoving())
export const useTasks = (project: Id, filters: Record<string, string | null>) =>
  usePages<TaskRow>(`/projects/${project}/tasks`, filters, 100)
export const useExplanation = (task: Id) => useOne<Explanation>(`/tasks/${task}/explanation`)
export const useTask = (id: Id | null) => useOne<TaskDetail>(id && `/tasks/${id}`)
export const useCertificates = (project: Id) => usePages<Certificate>(`/projects/${project}/certificates`)
export const useChecks = (id: Id | null) => usePages<Check>(id && `/certificates/${id}/checks`)
export const useFormats = () => useOne<{ items: Format[] }>('/formats')
export const useExports = (project: Id) => usePages<Export>(`/projects/${project}/exports`)
export const useExport = (id: Id | null) => useOne<Export>(id && `/exports/${id}`, whileMoving())
export const useJobs = (subject: Id) => usePages<Job>('/jobs', { subject_id: subject }, 20, 5_000)
export const useKeys = () => usePages<ApiKey>('/keys')
export const useAudit = () => usePages<AuditEntry>('/audit')
export const useReviewReasons = (kind: string) => useOne<{ items: ReviewReason[] }>(`/review-reasons${query({ kind })}`)
export const useSigningKey = () => useOne<{ public_key: string; fingerprint: string }>('/signing-key')

/** A write that afterwards refreshes every list and record whose path starts with one of `touches`. */
export function useWrite<Input, Output>(write: (input: Input) => Promise<Output>, touches: string[]) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey: [path] }) => touches.some((start) => String(path).startsWith(start)),
      }),
  })
}

const SAME_WITHIN_MS = 1000
const making = new Map<string, Promise<unknown>>()

/** Make something. The same again at once, as by a double click, is the same thing and not another. */
export function post<T>(path: string, body: unknown): Promise<T> {
  const what = JSON.stringify([path, body])
  const before = making.get(what)
  if (before) return before as Promise<T>
  const made = request<T>(path, { method: 'POST', body, idempotencyKey: crypto.randomUUID() })
  const forget = () => making.delete(what)
  making.set(what, made)
  made.then(() => setTimeout(forget, SAME_WITHIN_MS), forget)
  return made
}

export const useCreateDataset = () =>
  useWrite((body: { name: string; modality: Modality }) => post<Dataset>('/datasets', body), ['/datasets'])
export const useStartExport = (project: Id) =>
  useWrite(
    (format: string) => post<Export>(`/projects/${project}/exports`, { format }),
    [`/projects/${project}/exports`],
  )
export const useCreateKey = () => useWrite((body: NewKey) => post<MadeKey>('/keys', body), ['/keys'])
export const useRevokeKey = () => useWrite((id: Id) => request(`/keys/${id}`, { method: 'DELETE' }), ['/keys'])
export const useCancelImport = () =>
  useWrite((id: Id) => request<Import>(`/imports/${id}/cancel`, { method: 'POST' }), ['/imports', '/datasets'])

/** The numbers of a project, pushed by the server. `live` is false while the stream is down and polling stands in. */
export function useOverview(project: Id): UseQueryResult<Overview> & { live: boolean } {
  const cache = useQueryClient()
  const [live, setLive] = useState(false)
  const path = `/projects/${project}/overview`
  useEffect(() => {
    const stream = new EventSource(`/api/projects/${project}/events`)
    stream.onopen = () => setLive(true)
    stream.onerror = () => setLive(false)
    stream.addEventListener('overview', (event) => {
      const overview = JSON.parse(event.data) as Overview
      cache.setQueryData([path], overview)
      // The head of the page tells the same phase; what else has changed with it, such as a pilot that is done, is asked for.
      const phase = overview.phase as Project['phase']
      const known = cache.getQueryData<Project>([`/projects/${project}`])
      if (!known || (known.phase === phase && known.phase_sentence === overview.phase_sentence)) return
      const { phase_sentence, phase_said } = overview
      cache.setQueryData([`/projects/${project}`], { ...known, phase, phase_sentence, phase_said })
      void cache.invalidateQueries({ queryKey: [`/projects/${project}`], exact: true })
    })
    return () => stream.close()
  }, [cache, path, project])
  return { ...useOne<Overview>(path, () => (live ? false : 5_000)), live }
}
