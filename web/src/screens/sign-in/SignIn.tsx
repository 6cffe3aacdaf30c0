import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useKeepSession, useSession } from '../../api/session'
import type { PendingSecondFactor, Session } from '../../api/types'
import { Front } from '../join/Front'
import { ByCode } from './ByCode'
import { ByPassword } from './ByPassword'
import { SecondStep } from './SecondStep'

/** Only paths of this server: a link to elsewhere in `?to=` must not send anybody away. */
const safePath = (to: string | null): string => (to && /^\/(?![/\\])/.test(to) ? to : '/')

/** Sign in: with address and password, with a passkey, or with a one-time link of the server. */
export function SignIn() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const session = useSession()
  const keep = useKeepSession()
  const [byCode, setByCode] = useState(() => location.hash.length > 1)
  const [pending, setPending] = useState<PendingSecondFactor | null>(null)
  const isEntering = useRef(byCode)
  const to = safePath(search.get('to'))

  const enter = useCallback(
    async (begun: Session) => {
      isEntering.current = true
      keep(begun)
      await navigate(begun.scope === 'enrol' ? '/settings/security' : to, { replace: true })
    },
    [keep, navigate, to],
  )
  useEffect(() => {
    if (session.data && !isEntering.current) void navigate(to, { replace: true })
  }, [session.data, navigate, to])

  if (pending)
    return (
      <Front title={t`One more step`}>
        <SecondStep pending={pending} enter={enter} back={() => setPending(null)} />
      </Front>
    )
  return (
    <Front title={t`Sign in`}>
      {byCode ? <ByCode enter={enter} /> : <ByPassword enter={enter} askSecond={setPending} />}
      <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setByCode(!byCode)}>
        {byCode ? <Trans>Sign in with e-mail and password</Trans> : <Trans>I have a one-time link</Trans>}
      </Anchor>
    </Front>
  )
}
