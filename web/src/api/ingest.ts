import { useMutation } from '@tanstack/react-query'
import { request } from './client'
import { post, usePages, useWrite } from './queries'
import { allPages } from './save'
import type { Connection, ConnectionChange, ConnectionTest, Id, NewConnection, Upload, UploadFile } from './types'

export const useOpenUploads = () => usePages<Upload>('/uploads')
export const useForgetUpload = () => useWrite((id: Id) => request(`/uploads/${id}`, { method: 'DELETE' }), ['/uploads'])
/** Every file of an upload, and how far it is. */
export const uploadFiles = (id: Id) => allPages<UploadFile>(`/uploads/${id}/files`)

export const useConnections = (isWanted = true) => usePages<Connection>(isWanted ? '/connections' : null)
export const useConnect = () =>
  useWrite((body: NewConnection) => post<Connection>('/connections', body), ['/connections'])
/** Ask a bucket before it is connected; nothing is kept. */
export const useTryConnection = () =>
  useMutation({
    mutationFn: (body: NewConnection) => request<ConnectionTest>('/connection-tests', { method: 'POST', body }),
  })
/** Ask a connected bucket as it would be with a change; nothing is kept. */
export const useTryChange = (id: Id) =>
  useMutation({
    mutationFn: (body: ConnectionChange) =>
      request<ConnectionTest>(`/connections/${id}/test`, { method: 'POST', body }),
  })
export const useChangeConnection = (id: Id) =>
  useWrite(
    (body: ConnectionChange) => request<Connection>(`/connections/${id}`, { method: 'PATCH', body }),
    ['/connections'],
  )
export const useTestConnection = () =>
  useWrite((id: Id) => request<ConnectionTest>(`/connections/${id}/test`, { method: 'POST' }), ['/connections'])
export const useForgetConnection = () =>
  useWrite((id: Id) => request(`/connections/${id}`, { method: 'DELETE' }), ['/connections'])
