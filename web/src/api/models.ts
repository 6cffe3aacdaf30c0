import { useMutation, useQueryClient } from '@tanstack/react-query'
import { query, request, upload } from './client'
import { isMoving, whileMoving } from './following'
import { post, useOne, usePages, useWrite } from './queries'
import type {
  AdapterView,
  Id,
  Model,
  ModelChange,
  ModelTest,
  ModelVersion,
  NewModel,
  PredictionRun,
  ProjectModel,
} from './types'

export const useAdapters = () => useOne<AdapterView[]>('/model-adapters')
export const useModels = () => usePages<Model>('/models')
export const useModel = (id: Id) => useOne<Model>(`/models/${id}`)
export const useModelVersions = (id: Id) => usePages<ModelVersion>(`/models/${id}/versions`)
export const useProjectModel = (project: Id | null) =>
  useOne<ProjectModel>(project && `/projects/${project}/model`, (now) => (isMoving(now?.run) ? 1_500 : false))

export const useAddModel = () => useWrite((body: NewModel) => post<Model>('/models', body), ['/models'])
export const useForgetModel = () => useWrite((id: Id) => request(`/models/${id}`, { method: 'DELETE' }), ['/models'])
/** A file that is refused is noted with its model, so that is read anew whatever comes of it. */
export function useUploadVersion(id: Id, tell: (share: number) => void) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (file: File) =>
      upload<ModelVersion>(`/models/${id}/versions?name=${encodeURIComponent(file.name)}`, file, tell),
    onSettled: () =>
      cache.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/models') }),
  })
}
export const useChangeModel = (id: Id) =>
  useWrite((body: ModelChange) => request<Model>(`/models/${id}`, { method: 'PATCH', body }), ['/models'])
/** What is not said is left to the server: no project, the newest version. */
export const useTestModel = (id: Id) =>
  useWrite(
    (body: { project_id?: Id | null; version_id?: Id | null }) =>
      request<ModelTest>(`/models/${id}/test`, { method: 'POST', body }),
    ['/models'],
  )
export const useBindModel = (project: Id) =>
  useWrite(
    (body: { model_id: Id; version_id: Id | null; predict: boolean }) =>
      request<ProjectModel>(`/projects/${project}/model`, { method: 'PUT', body }),
    ['/projects', '/models'],
  )
export const useUnbindModel = (project: Id) =>
  useWrite(() => request(`/projects/${project}/model`, { method: 'DELETE' }), ['/projects', '/models'])
export const usePredict = (project: Id) =>
  useWrite(
    (only_new: boolean) => post<PredictionRun>(`/projects/${project}/prediction-runs`, { only_new }),
    ['/projects'],
  )

export const useRun = (id: Id | null) => useOne<PredictionRun>(id && `/prediction-runs/${id}`, whileMoving(1_000))
export type PredictionFile = { file: File; model: string; version: string; bind: boolean }
export const useImportPredictions = (project: Id, tell: (share: number) => void) =>
  useWrite(
    ({ file, model, version, bind }: PredictionFile) =>
      upload<PredictionRun>(
        `/projects/${project}/prediction-imports${query({ filename: file.name, model, version, bind: String(bind) })}`,
        file,
        tell,
      ),
    ['/projects', '/models'],
  )
