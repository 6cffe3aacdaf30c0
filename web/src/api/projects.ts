import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { request } from './client'
import { post, useOne, useWrite } from './queries'
import type {
  Asset,
  Id,
  InstructionsVersion,
  Modality,
  NewProject,
  Overview,
  Page,
  Project,
  ProjectPatch,
  ProjectTemplate,
} from './types'

export const useTemplates = (modality: Modality | null) =>
  useOne<{ items: ProjectTemplate[] }>(modality && `/project-templates?modality=${modality}`)

export const useCreateProject = () => useWrite((body: NewProject) => post<Project>('/projects', body), ['/projects'])

export const useChangeProject = (id: Id) =>
  useWrite((body: ProjectPatch) => request<Project>(`/projects/${id}`, { method: 'PATCH', body }), ['/projects'])

/** End the pilot: from now on people are asked about the rest. */
export const useStartProject = (id: Id) =>
  useWrite(() => request<Project>(`/projects/${id}/start`, { method: 'POST' }), ['/projects'])

/** Links to media hold for five minutes at most: what shows pictures for longer asks for fresh ones before. */
export const FRESH_LINKS_MS = 200_000

/** A version of the instructions, whole. It never changes; only the links to its pictures do. */
export const useInstructions = (project: Id, version: number) =>
  useOne<InstructionsVersion>(`/projects/${project}/instructions?version=${version}`, () => FRESH_LINKS_MS)

/** The numbers of a project as they are now, for a screen that need not follow them. */
export const useOverviewOnce = (project: Id | null) => useOne<Overview>(project && `/projects/${project}/overview`)

/** As many ids as one request may ask about. */
const AT_ONCE = 100

/** Those of the assets that the dataset has, by their ids. */
export function useAssetsById(dataset: Id | null, ids: readonly Id[]) {
  const wanted = [...new Set(ids)].sort()
  const path = dataset && `/datasets/${dataset}/assets`
  return useQuery({
    queryKey: [path, 'by id', wanted],
    enabled: path !== null && wanted.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_LINKS_MS,
    queryFn: async ({ signal }): Promise<ReadonlyMap<Id, Asset>> => {
      const found = new Map<Id, Asset>()
      for (let from = 0; from < wanted.length; from += AT_ONCE) {
        const some = new URLSearchParams(wanted.slice(from, from + AT_ONCE).map((id) => ['id', id]))
        const page = await request<Page<Asset>>(`${path}?${some}`, { signal })
        for (const asset of page.items) found.set(asset.id, asset)
      }
      return found
    },
  })
}
