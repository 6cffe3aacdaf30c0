import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Code, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Problem, request } from '../../api/client'
import type { Session } from '../../api/types'
import { ProblemNote } from '../common/Note'

/** A whole link may be pasted as well as its code. */
const codeIn = (typed: string): string => typed.trim().split('#').at(-1)?.trim() ?? ''

/** Sign in with the one-time code. It comes in the fragment of the link, which browsers do not send to servers or logs. */
export function ByCode({ enter }: { enter: (session: Session) => Promise<void> }) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const tried = useRef(false)
  const send = useMutation({
    mutationFn: (code: string) => request<Session>('/session', { method: 'POST', body: { code } }),
    onSuccess: enter,
  })
  const { mutate } = send
  useEffect(() => {
    const code = codeIn(location.hash)
    if (!code || tried.current) return
    tried.current = true
    // The code works once; what is left in the address bar would only be copied about.
    history.replaceState(history.state, '', location.pathname + location.search)
    mutate(code)
  }, [mutate])
  const isOutage = send.error instanceof Problem && send.error.isOutage
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        mutate(codeIn(typed))
      }}
    >
      <Stack>
        <Text className="quiet">
          <Trans>
            Open the sign-in link that the server printed when it started, or paste the link or its code here.
          </Trans>
        </Text>
        <TextInput
          label={t`One-time code`}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
        />
        {send.isError && (
          <ProblemNote
            what={isOutage ? t`Karat could not be reached` : t`This code does not work`}
            cause={send.error}
          />
        )}
        <Button type="submit" loading={send.isPending} disabled={!codeIn(typed)}>
          <Trans>Sign in</Trans>
        </Button>
        <Text size="sm" className="quiet">
          <Trans>
            A code works once and for a short time. For a new one, run <Code>karat sign-in-link</Code> on the machine of
            the server, or ask whoever runs it.
          </Trans>
        </Text>
      </Stack>
    </form>
  )
}
