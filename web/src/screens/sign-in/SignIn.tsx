import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Center, Code, Stack, Text, TextInput, Title } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { Problem } from '../../api/client'
import { useSession, useSignIn } from '../../api/session'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { Mark } from '../shell/Mark'

/** A whole link may be pasted as well as its code. */
const codeIn = (typed: string): string => typed.trim().split('#').at(-1)?.trim() ?? ''

/** Only paths of this server: a link to elsewhere in `?to=` must not send anybody away. */
const safePath = (to: string | null): string => (to && /^\/(?![/\\])/.test(to) ? to : '/')

/** Sign in with the one-time code. It comes in the fragment of the link, which browsers do not send to servers or logs. */
export function SignIn() {
  const { t } = useLingui()
  useTitle(t`Sign in`)
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const session = useSession()
  const signIn = useSignIn()
  const [typed, setTyped] = useState('')
  const [state, setState] = useState<{ busy: boolean; cause: unknown }>({ busy: false, cause: null })
  const tried = useRef(false)
  const to = safePath(search.get('to'))

  const send = useCallback(
    async (code: string) => {
      setState({ busy: true, cause: null })
      try {
        await signIn(code)
        await navigate(to, { replace: true })
      } catch (cause) {
        setState({ busy: false, cause })
      }
    },
    [navigate, signIn, to],
  )

  useEffect(() => {
    const code = codeIn(location.hash)
    if (!code || tried.current) return
    tried.current = true
    // The code works once; what is left in the address bar would only be copied about.
    history.replaceState(history.state, '', location.pathname + location.search)
    void send(code)
  }, [send])

  const isIn = Boolean(session.data) && !state.busy && !tried.current
  useEffect(() => {
    if (isIn) void navigate(to, { replace: true })
  }, [isIn, navigate, to])

  return (
    <Center mih="100dvh" p="md" component="main">
      <Panel w={420} maw="100%" p="xl">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void send(codeIn(typed))
          }}
        >
          <Stack>
            <Mark />
            <Title order={1} size="h3">
              <Trans>Sign in</Trans>
            </Title>
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
            {Boolean(state.cause) && (
              <ProblemNote
                what={
                  state.cause instanceof Problem && state.cause.isOutage
                    ? t`Karat could not be reached`
                    : t`This code does not work`
                }
                cause={state.cause}
              />
            )}
            <Button type="submit" loading={state.busy} disabled={!codeIn(typed)}>
              <Trans>Sign in</Trans>
            </Button>
            <Text size="sm" className="quiet">
              <Trans>
                A code works once and for a short time. For a new one, run <Code>karat sign-in-link</Code> on the
                machine of the server, or ask whoever runs it.
              </Trans>
            </Text>
          </Stack>
        </form>
      </Panel>
    </Center>
  )
}
