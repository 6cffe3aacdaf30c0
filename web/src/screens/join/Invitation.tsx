import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Divider, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Problem, request } from '../../api/client'
import { knowsPasskeys, makePasskey, wasDismissed } from '../../api/passkeys'
import { useKeepSession } from '../../api/session'
import type { OpenInvitation, PasskeyRequest, Session } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { useRoles } from '../common/roles'
import { Said } from '../common/Said'
import { Front } from './Front'
import { besidesPassword, NewPassword } from './NewPassword'
import { useLinkCode } from './useLinkCode'

/** Where the link of an invitation leads: who invites, as what, and how one wants to sign in from now on. */
export function Invitation() {
  const { t } = useLingui()
  const code = useLinkCode()
  const invitation = useQuery({
    queryKey: ['invitation', code],
    queryFn: () => request<OpenInvitation>('/invitation', { method: 'POST', body: { code } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (invitation.isPending)
    return (
      <Front title={t`Invitation`}>
        <Skeleton height={220} />
      </Front>
    )
  if (invitation.isError) return <Refused cause={invitation.error} retry={() => void invitation.refetch()} />
  return <Accept code={code} invitation={invitation.data} />
}

function Refused({ cause, retry }: { cause: Error; retry: () => void }) {
  const { t } = useLingui()
  const isOutage = cause instanceof Problem && cause.retryable
  const isUsed = cause instanceof Problem && cause.code === 'invitation.used'
  return (
    <Front title={t`Invitation`}>
      <ProblemNote
        what={isOutage ? t`The invitation could not be read` : t`This invitation does not work`}
        cause={cause}
        retry={isOutage ? retry : undefined}
      />
      {isUsed ? (
        <Button component={Link} to="/sign-in">
          <Trans>Sign in</Trans>
        </Button>
      ) : (
        <Text size="sm" className="quiet">
          <Trans>
            Whoever invited you finds the invitation below People and can make a new link with one click. If you have an
            account already,{' '}
            <Anchor component={Link} to="/sign-in" inherit underline="always">
              sign in
            </Anchor>
            .
          </Trans>
        </Text>
      )}
    </Front>
  )
}

function Accept({ code, invitation }: { code: string; invitation: OpenInvitation }) {
  const { t } = useLingui()
  const format = useFormat()
  const navigate = useNavigate()
  const keep = useKeepSession()
  const roles = useRoles()
  const [name, setName] = useState(invitation.name)
  const [password, setPassword] = useState('')
  const accept = useMutation({
    mutationFn: async (way: 'password' | 'passkey') => {
      const passkey = way === 'passkey' ? { ...(await newPasskey(code)), name: t`First passkey` } : undefined
      const body = { code, name: name.trim(), ...(passkey ? { passkey } : { password }) }
      return request<Session>('/invitation/accept', { method: 'POST', body })
    },
    onSuccess: async (session) => {
      keep(session)
      await navigate('/', { replace: true })
    },
  })
  const cause = wasDismissed(accept.error) ? null : besidesPassword(accept.error)
  const role = roles[invitation.role]
  return (
    <Front title={t`Join ${invitation.tenant_name}`}>
      <div>
        <Text>
          <Trans>
            <Said text={invitation.invited_by_name} /> invites you as <Said text={role.title} strong />.
          </Trans>
        </Text>
        <Text size="sm" className="quiet">
          {role.may}
        </Text>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          accept.mutate('password')
        }}
      >
        <Stack>
          <TextInput
            label={t`Your name`}
            description={t`Others see it beside your work.`}
            value={name}
            maxLength={100}
            autoComplete="name"
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Text size="sm">
            <Trans>
              You sign in as <Said text={invitation.email} strong />.
            </Trans>
          </Text>
          <NewPassword value={password} onChange={setPassword} account={invitation.email} cause={accept.error} />
          {Boolean(cause) && <ProblemNote what={t`You are not in yet`} cause={cause} />}
          <Button
            type="submit"
            disabled={!name.trim() || !password}
            loading={accept.isPending && accept.variables === 'password'}
          >
            <Trans>Set the password and join</Trans>
          </Button>
        </Stack>
      </form>
      {invitation.passkeys && knowsPasskeys() && (
        <>
          <Divider label={t`or without a password`} />
          <Button
            variant="default"
            leftSection={<IconFingerprint size={18} />}
            disabled={!name.trim()}
            loading={accept.isPending && accept.variables === 'passkey'}
            onClick={() => accept.mutate('passkey')}
          >
            <Trans>Join with a passkey</Trans>
          </Button>
        </>
      )}
      <Text size="xs" className="quiet">
        <Trans>The link works once, until {format.exact(invitation.expires_at)}.</Trans>
      </Text>
    </Front>
  )
}

const newPasskey = async (code: string) =>
  makePasskey(await request<PasskeyRequest>('/invitation/passkey/options', { method: 'POST', body: { code } }))
