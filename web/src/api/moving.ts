import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { upload } from './client'
import { whileMoving } from './following'
import { post, useOne, usePages, useWrite } from './queries'
import type { ArchiveMedia, Id, Job, NewClone, Project, ProjectArchive, ProjectImport } from './types'

export const useClone = (project: Id) =>
  useWrite((body: NewClone) => post<Project>(`/projects/${project}/clone`, body), ['/projects'])

export const useArchives = (project: Id) => usePages<ProjectArchive>(`/projects/${project}/archives`)
export const useArchive = (id: Id | null) => useOne<ProjectArchive>(id && `/archives/${id}`, whileMoving())
export const useStartArchive = (project: Id) =>
  useWrite(
    (media: ArchiveMedia) => post<ProjectArchive>(`/projects/${project}/archives`, { media }),
    [`/projects/${project}/archives`],
  )

export const useProjectImports = () => usePages<ProjectImport>('/project-imports')
export const useProjectImport = (id: Id | null) => useOne<ProjectImport>(id && `/project-imports/${id}`, whileMoving())

/** The job behind a record that is on its way. */
export const useJobOf = (id: Id | null) => useOne<Job>(id && `/jobs/${id}`, whileMoving())

export type Sending = { name: string; share: number; cause: unknown }

/** Send an archive; the server then makes a project of it by a job. One at a time. */
export function useSendArchive() {
  const cache = useQueryClient()
  const [sending, setSending] = useState<Sending | null>(null)
  const stop = useRef<AbortController | null>(null)
  const send = useCallback(
    async (file: File) => {
      stop.current = new AbortController()
      const { name } = file
      setSending({ name, share: 0, cause: null })
      try {
        const tell = (share: number) => setSending({ name, share, cause: null })
        const path = `/project-imports?filename=${encodeURIComponent(name)}`
        await upload<ProjectImport>(path, file, tell, { signal: stop.current.signal })
        setSending(null)
        await cache.invalidateQueries({ queryKey: ['/project-imports'] })
      } catch (cause) {
        const isStopped = cause instanceof DOMException && cause.name === 'AbortError'
        setSending(isStopped ? null : { name, share: 0, cause })
      }
    },
    [cache],
  )
  return { sending, send, cancel: () => stop.current?.abort(), forget: () => setSending(null) }
}

/** Whether a file begins as every ZIP does (APPNOTE.TXT 4.3.7, and 4.3.16 of an empty one), so that no other goes up in vain. */
export async function looksLikeZip(file: Blob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer())
  const [p, k, one, two] = start
  return p === 0x50 && k === 0x4b && ((one === 3 && two === 4) || (one === 5 && two === 6))
}
