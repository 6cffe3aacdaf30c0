import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { Problem, request } from '../../api/client'
import type { OpenReset } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Front } from './Front'
import { besidesPassword, NewPassword } from './NewPassword'
import { useLinkCode } from './useLinkCode'

/** Where a reset link leads: a new password for somebody who cannot sign in any more. */
export function Reset() {
  const { t } = useLingui()
  const code = useLinkCode()
  const reset = useQuery({
    queryKey: ['reset', code],
    queryFn: () => request<OpenReset>('/reset', { method: 'POST', body: { code } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Front title={t`New password`}>
      {reset.isPending && <Skeleton height={180} />}
      {reset.isError && (
        <>
          <ProblemNote
            what={t`This link does not work`}
            cause={reset.error}
            retry={reset.error instanceof Problem && reset.error.retryable ? () => void reset.refetch() : undefined}
          />
          <Button component={Link} to="/sign-in" variant="default">
            <Trans>Go to the sign-in page</Trans>
          </Button>
        </>
      )}
      {reset.data && <SetPassword code={code} reset={reset.data} />}
    </Front>
  )
}

function SetPassword({ code, reset }: { code: string; reset: OpenReset }) {
  const { t } = useLingui()
  const format = useFormat()
  const [password, setPassword] = useState('')
  const set = useMutation({
    mutationFn: () => request('/reset/password', { method: 'POST', body: { code, password } }),
  })
  if (set.isSuccess) return <IsSet />
  const cause = besidesPassword(set.error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate()
      }}
    >
      <Stack>
        <Text>
          {t`For ${reset.name} at ${reset.tenant_name}. Every browser that is signed in with the old one is signed out.`}
        </Text>
        {reset.second_factor && (
          <Text size="sm" className="quiet">
            <Trans>Your authenticator app and your passkeys are taken away as well; set them up anew afterwards.</Trans>
          </Text>
        )}
        <NewPassword value={password} onChange={setPassword} account={reset.email ?? ''} cause={set.error} />
        {Boolean(cause) && <ProblemNote what={t`The password was not set`} cause={cause} />}
        <Button type="submit" disabled={!password} loading={set.isPending}>
          <Trans>Set the password</Trans>
        </Button>
        <Text size="xs" className="quiet">
          <Trans>The link works once, until {format.exact(reset.expires_at)}.</Trans>
        </Text>
      </Stack>
    </form>
  )
}

function IsSet() {
  const { t } = useLingui()
  return (
    <>
      <Alert color="green" variant="light" role="status" title={t`The password is set`}>
        <Trans>Sign in with it now.</Trans>
      </Alert>
      <Button component={Link} to="/sign-in">
        <Trans>Sign in</Trans>
      </Button>
    </>
  )
}
