import { request } from './client'
import { post, useOne, usePages, useWrite } from './queries'
import type {
  Group,
  Id,
  Invitation,
  MadeInvitation,
  Member,
  MemberChange,
  NewInvitation,
  ResetLink,
  Role,
  TenantSettings,
} from './types'

export const useMembers = () => usePages<Member>('/members', {}, 100)
export const useMember = (id: Id | null) => useOne<Member>(id && `/members/${id}`)
export const useInvitations = (isWanted: boolean) => usePages<Invitation>(isWanted ? '/invitations' : null)
export const useGroups = () => usePages<Group>('/groups', {}, 100)
export const useTenant = () => useOne<TenantSettings>('/tenant')

export const useChangeMember = (id: Id) =>
  useWrite(
    (body: MemberChange) => request<Member>(`/members/${id}`, { method: 'PATCH', body }),
    ['/members', '/groups', '/keys'],
  )
export const useSignMemberOut = (id: Id) =>
  useWrite(() => request(`/members/${id}/sessions`, { method: 'DELETE' }), ['/members'])
export const useMakeResetLink = (id: Id) =>
  useWrite((second_factor: boolean) => post<ResetLink>(`/members/${id}/reset-link`, { second_factor }), ['/members'])

export const useInvite = () =>
  useWrite((body: NewInvitation) => post<MadeInvitation>('/invitations', body), ['/invitations'])
export const useRenewInvitation = () =>
  useWrite((id: Id) => post<MadeInvitation>(`/invitations/${id}/link`, {}), ['/invitations'])
export const useRevokeInvitation = () =>
  useWrite((id: Id) => request(`/invitations/${id}`, { method: 'DELETE' }), ['/invitations'])

export const useMakeGroup = () => useWrite((name: string) => post<Group>('/groups', { name }), ['/groups'])
export const useRenameGroup = (id: Id) =>
  useWrite(
    (name: string) => request<Group>(`/groups/${id}`, { method: 'PATCH', body: { name } }),
    ['/groups', '/members'],
  )
export const useDeleteGroup = (id: Id) =>
  useWrite(() => request(`/groups/${id}`, { method: 'DELETE' }), ['/groups', '/members'])

export const useChangeTenant = () =>
  useWrite(
    (body: { name?: string; second_factor_required?: boolean }) =>
      request<TenantSettings>('/tenant', { method: 'PATCH', body }),
    ['/tenant', '/me', 'session'],
  )

/** The roles that a member may give, and whose bearers it may change; the server decides again. */
export function rolesGivenBy(role: Role | undefined): Role[] {
  const everybody: Role[] = ['owner', 'admin', 'manager', 'reviewer', 'annotator', 'auditor', 'service']
  if (role === 'owner') return everybody
  if (role === 'admin') return everybody.filter((each) => each !== 'owner' && each !== 'admin')
  return role === 'manager' ? ['reviewer', 'annotator'] : []
}
