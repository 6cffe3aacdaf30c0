import { useQuery, useQueryClient } from '@tanstack/react-query'
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

export function useSignIn() {
  const cache = useQueryClient()
  return async (code: string): Promise<Session> => {
    const session = await request<Session>('/session', { method: 'POST', body: { code } })
    keepCsrfToken(session.csrf_token)
    cache.setQueryData(SESSION, session)
    return session
  }
}

export function useSignOut() {
  const cache = useQueryClient()
  return async (): Promise<void> => {
    await request('/session', { method: 'DELETE' })
    cache.clear()
    cache.setQueryData(SESSION, null)
  }
}

/** May the signed-in person do this? The server decides again; this only hides what would be refused. */
export function useMay(action: string): boolean {
  return useSession().data?.actions.includes(action) ?? false
}
