import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem, request } from '../../api/client'
import { askPasskey, knowsPasskeys, wasDismissed } from '../../api/passkeys'
import type { PasskeyRequest, PendingSecondFactor, Session, SignInOptions, SignInStep } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { useWait, useWaitText } from '../common/Throttled'

type Props = {
  enter: (session: Session) => Promise<void>
  askSecond: (pending: PendingSecondFactor) => void
}

/** Address and password, or a passkey. Which of the three was wrong is not said: that would tell who has an account. */
export function ByPassword({ enter, askSecond }: Props) {
  const { t } = useLingui()
  const options = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => request<SignInOptions>('/sign-in'),
    retry: 1,
  })
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [typedOrganisation, setOrganisation] = useState('')
  const organisation = typedOrganisation.trim() || null
  const signIn = useMutation({
    mutationFn: () =>
      request<SignInStep>('/sign-in', { method: 'POST', body: { email: email.trim(), password, organisation } }),
    onSuccess: async ({ session, second_factor }) => {
      if (session) await enter(session)
      else if (second_factor) askSecond(second_factor)
    },
  })
  const passkey = useMutation({
    mutationFn: async () => {
      const asked = await request<PasskeyRequest>('/sign-in/passkey/options', {
        method: 'POST',
        body: { organisation },
      })
      return request<Session>('/sign-in/passkey', { method: 'POST', body: await askPasskey(asked) })
    },
    onMutate: () => signIn.reset(),
    onSuccess: enter,
  })
  const cause = signIn.error ?? (wasDismissed(passkey.error) ? null : passkey.error)
  const wait = useWait(cause)
  const waitText = useWaitText(wait)
  const asksOrganisation =
    options.data?.organisation_wanted || (cause instanceof Problem && cause.code === 'access.organisation_wanted')
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          passkey.reset()
          signIn.mutate()
        }}
      >
        <Stack>
          {asksOrganisation && (
            <TextInput
              label={t`Organisation`}
              description={t`Its short name, as in your invitation`}
              value={typedOrganisation}
              onChange={({ currentTarget }) => setOrganisation(currentTarget.value)}
              autoComplete="organization"
              spellCheck={false}
            />
          )}
          <TextInput
            label={t`E-mail`}
            type="email"
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            autoComplete="username webauthn"
            autoFocus
          />
          <PasswordInput
            label={t`Password`}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the password` }}
          />
          {cause && <Failed cause={cause} waitText={waitText} />}
          <Button type="submit" loading={signIn.isPending} disabled={!email.trim() || !password || wait > 0}>
            <Trans>Sign in</Trans>
          </Button>
        </Stack>
      </form>
      {options.data?.passkeys && knowsPasskeys() && (
        <>
          <Divider label={t`or`} />
          <Button
            variant="default"
            leftSection={<IconFingerprint size={18} />}
            loading={passkey.isPending}
            disabled={wait > 0}
            onClick={() => passkey.mutate()}
          >
            <Trans>Sign in with a passkey</Trans>
          </Button>
        </>
      )}
    </Stack>
  )
}

function Failed({ cause, waitText }: { cause: Error; waitText: string | null }) {
  const { t } = useLingui()
  const problem = cause instanceof Problem ? cause : null
  const isThrottled = problem?.code === 'access.too_many_attempts'
  const isWrong = problem?.code === 'access.sign_in_failed'
  return (
    <ProblemNote
      what={problem?.isOutage ? t`Karat could not be reached` : t`You are not signed in`}
      cause={cause}
      next={
        isThrottled ? (
          <Text size="sm">{waitText ?? t`You can try again now.`}</Text>
        ) : isWrong ? (
          <Text size="sm">
            <Trans>
              If you have forgotten your password, ask an owner or admin of your organisation for a link to set a new
              one.
            </Trans>
          </Text>
        ) : null
      }
    />
  )
}
