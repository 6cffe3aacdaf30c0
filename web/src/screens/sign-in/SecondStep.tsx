import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../../api/client'
import type { PendingSecondFactor, Session } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { useWait, useWaitText } from '../common/Throttled'

type Props = {
  pending: PendingSecondFactor
  enter: (session: Session) => Promise<void>
  back: () => void
}

/** The password was right: now the code of the authenticator app, or one of the recovery codes. */
export function SecondStep({ pending, enter, back }: Props) {
  const { t } = useLingui()
  const [code, setCode] = useState('')
  const [isRecovery, setRecovery] = useState(false)
  const send = useMutation({
    mutationFn: () =>
      request<Session>('/sign-in/second-factor', { method: 'POST', body: { token: pending.token, code: code.trim() } }),
    onSuccess: enter,
  })
  const wait = useWait(send.error)
  const waitText = useWaitText(wait)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate()
      }}
    >
      <Stack>
        <Text className="quiet">
          {isRecovery ? (
            <Trans>Type one of the codes that you kept when you set up the app. Each works once.</Trans>
          ) : (
            <Trans>Type the six digits that your authenticator app shows now.</Trans>
          )}
        </Text>
        <TextInput
          key={String(isRecovery)}
          label={isRecovery ? t`Recovery code` : t`Code of the app`}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
          inputMode={isRecovery ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
        />
        {send.isError && (
          <ProblemNote
            what={t`You are not signed in yet`}
            cause={send.error}
            next={waitText && <Text size="sm">{waitText}</Text>}
          />
        )}
        <Button type="submit" loading={send.isPending} disabled={!code.trim() || wait > 0}>
          <Trans>Sign in</Trans>
        </Button>
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="start"
          onClick={() => {
            setRecovery(!isRecovery)
            setCode('')
          }}
        >
          {isRecovery ? <Trans>Use the app instead</Trans> : <Trans>I do not have the app at hand</Trans>}
        </Anchor>
        <Anchor component="button" type="button" size="sm" ta="start" onClick={back}>
          <Trans>Begin again</Trans>
        </Anchor>
      </Stack>
    </form>
  )
}
