import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { keepCsrfToken, Problem, request } from './client'
import type { Session } from './types'

export const SESSION = ['session'] as const

async function load(): Promise<Session | null> {
  try {
    const session = await request<Session>('/session')
    keepCsrfToken(session.csrf_token)
    return session
  } catch (cause) {
    if (cause instanceof Problem && cause.status === 401) return null
    throw cause
  }
}

/** Who is signed in; `null` is nobody. */
export function useSession() {
  return useQuery({ queryKey: SESSION, queryFn: load, staleTime: 60_000, retry: 1 })
}

/** Take up a session that the server has just begun or renewed. */
export function useKeepSession() {
  const cache = useQueryClient()
  return useCallback(
    (session: Session): void => {
      keepCsrfToken(session.csrf_token)
      cache.setQueryData(SESSION, session)
    },
    [cache],
  )
}

export function useSignOut() {
  const cache = useQueryClient()
  return async (): Promise<void> => {
    await request('/session', { method: 'DELETE' })
    cache.setQueryData(SESSION, null)
    // Clearing everything would cut the screens off from the session that they watch.
    cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] })
  }
}

/** May the signed-in person do this? The server decides again; this only hides what would be refused. */
export function useMay(action: string): boolean {
  return useSession().data?.actions.includes(action) ?? false
}
