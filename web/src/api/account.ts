import { useMutation } from '@tanstack/react-query'
import { request } from './client'
import { makePasskey } from './passkeys'
import { post, useOne, usePages, useWrite } from './queries'
import { useKeepSession } from './session'
import type {
  ApiKey,
  AuthenticatorSetup,
  Id,
  MadeKey,
  Me,
  NewOwnKey,
  OwnSession,
  Passkey,
  PasskeyRequest,
  Session,
} from './types'

export const useMe = () => useOne<Me>('/me')
export const useOwnSessions = () => useOne<{ items: OwnSession[] }>('/me/sessions')
export const useOwnKeys = () => usePages<ApiKey>('/me/keys')

export const useChangeMe = () =>
  useWrite(
    (body: { name?: string; email?: string }) => request<Me>('/me', { method: 'PATCH', body }),
    ['/me', '/members', 'session'],
  )

/** A new password signs the other browsers out; this one goes on with the session of the answer. */
export function useChangePassword() {
  const keep = useKeepSession()
  return useWrite(
    async (body: { current?: string; new: string }) => {
      keep(await request<Session>('/me/password', { method: 'PUT', body }))
    },
    ['/me'],
  )
}

/** Confirm that it is still the same person. */
export function useProve() {
  const keep = useKeepSession()
  return useMutation({
    mutationFn: async (body: { password?: string; code?: string }) =>
      keep(await request<Session>('/me/proof', { method: 'POST', body })),
  })
}

export const useAddPasskey = () =>
  useWrite(
    async (name: string) => {
      const made = await makePasskey(await request<PasskeyRequest>('/me/passkey-options', { method: 'POST' }))
      return request<Passkey>('/me/passkeys', { method: 'POST', body: { ...made, name } })
    },
    ['/me', 'session'],
  )
export const useRenamePasskey = () =>
  useWrite(
    ({ id, name }: { id: Id; name: string }) =>
      request<Passkey>(`/me/passkeys/${id}`, { method: 'PATCH', body: { name } }),
    ['/me'],
  )
export const useRemovePasskey = () => useWrite((id: Id) => request(`/me/passkeys/${id}`, { method: 'DELETE' }), ['/me'])

export const useBeginAuthenticator = () =>
  useMutation({ mutationFn: () => request<AuthenticatorSetup>('/me/authenticator', { method: 'POST' }) })
export const useConfirmAuthenticator = () =>
  useWrite(
    (code: string) => request<{ codes: string[] }>('/me/authenticator/confirm', { method: 'POST', body: { code } }),
    ['/me', 'session'],
  )
export const useRemoveAuthenticator = () => useWrite(() => request('/me/authenticator', { method: 'DELETE' }), ['/me'])
export const useNewRecoveryCodes = () =>
  useWrite(() => request<{ codes: string[] }>('/me/recovery-codes', { method: 'POST' }), ['/me'])

export const useEndSession = () =>
  useWrite((id: Id) => request(`/me/sessions/${id}`, { method: 'DELETE' }), ['/me/sessions'])
export const useMakeOwnKey = () => useWrite((body: NewOwnKey) => post<MadeKey>('/me/keys', body), ['/me/keys', '/keys'])
export const useRevokeOwnKey = () =>
  useWrite((id: Id) => request(`/me/keys/${id}`, { method: 'DELETE' }), ['/me/keys', '/keys'])
