import { request, upload } from './client'
import { post, useOne, usePages, useWrite } from './queries'
import type { AdapterView, Id, Model, ModelTest, ModelVersion, NewModel, PredictionRun, ProjectModel } from './types'

const isMoving = ({ state }: { state: string }) => state === 'queued' || state === 'running'

export const useAdapters = () => useOne<AdapterView[]>('/model-adapters')
export const useModels = () => usePages<Model>('/models')
export const useModel = (id: Id) => useOne<Model>(`/models/${id}`)
export const useModelVersions = (id: Id) => usePages<ModelVersion>(`/models/${id}/versions`)
export const useProjectModel = (project: Id | null) =>
  useOne<ProjectModel>(project && `/projects/${project}/model`, (now) =>
    now?.run && isMoving(now.run) ? 1_500 : false,
  )

export const useAddModel = () => useWrite((body: NewModel) => post<Model>('/models', body), ['/models'])
export const useForgetModel = () => useWrite((id: Id) => request(`/models/${id}`, { method: 'DELETE' }), ['/models'])
export const useUploadVersion = (id: Id, tell: (share: number) => void) =>
  useWrite(
    (file: File) => upload<ModelVersion>(`/models/${id}/versions?name=${encodeURIComponent(file.name)}`, file, tell),
    ['/models'],
  )
export const useTestModel = (id: Id) =>
  useWrite(
    (project_id: Id | null) => request<ModelTest>(`/models/${id}/test`, { method: 'POST', body: { project_id } }),
    ['/models'],
  )
export const useBindModel = (project: Id) =>
  useWrite(
    (model_id: Id) =>
      request<ProjectModel>(`/projects/${project}/model`, { method: 'PUT', body: { model_id, predict: true } }),
    ['/projects', '/models'],
  )
export const useUnbindModel = (project: Id) =>
  useWrite(() => request(`/projects/${project}/model`, { method: 'DELETE' }), ['/projects', '/models'])
export const usePredict = (project: Id) =>
  useWrite(
    (only_new: boolean) => post<PredictionRun>(`/projects/${project}/prediction-runs`, { only_new }),
    ['/projects'],
  )
