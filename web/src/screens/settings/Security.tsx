import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Skeleton, Stack } from '@mantine/core'
import { IconShieldLock } from '@tabler/icons-react'
import { useMe } from '../../api/account'
import { useSession } from '../../api/session'
import { ProblemNote } from '../common/Note'
import { Authenticator } from './Authenticator'
import { OwnSessions } from './OwnSessions'
import { Passkeys } from './Passkeys'
import { Password } from './Password'

/** How I sign in, and where I am signed in. */
export function Security() {
  const { t } = useLingui()
  const me = useMe()
  const isEnrolling = useSession().data?.scope === 'enrol'
  if (me.isPending) return <Skeleton height={420} />
  if (me.isError)
    return <ProblemNote what={t`Your account could not be read`} cause={me.error} retry={() => void me.refetch()} />
  return (
    <Stack>
      {isEnrolling && (
        <Alert icon={<IconShieldLock size={18} />} title={t`One more thing before you begin`} role="status">
          <Trans>
            Your organisation asks for a second proof when you sign in. Set up an authenticator app or add a passkey;
            the rest opens then.
          </Trans>
        </Alert>
      )}
      <Password me={me.data} />
      <Passkeys me={me.data} />
      <Authenticator me={me.data} />
      <OwnSessions />
    </Stack>
  )
}
