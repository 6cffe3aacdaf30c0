import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconShieldLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useMe, useProve } from '../../api/account'
import { Problem } from '../../api/client'
import { wasDismissed } from '../../api/passkeys'
import { ProblemNote } from '../common/Note'
import { useWait, useWaitText } from '../common/Throttled'

type Props = {
  /** What could not be done, as a sentence. */
  what: string
  cause: unknown
  /** Does it again, once it is known that it is still the same person. */
  again: () => void
}

/** Why a change of how one signs in was refused. If only a fresh proof is wanted, it is asked for here, and then it is done. */
export function ProofOrProblem({ what, cause, again }: Props) {
  if (!cause || wasDismissed(cause)) return null
  if (cause instanceof Problem && cause.code === 'access.prove_again') return <Prove again={again} />
  return <ProblemNote what={what} cause={cause} />
}

function Prove({ again }: { again: () => void }) {
  const { t } = useLingui()
  const me = useMe().data
  const prove = useProve()
  const [typed, setTyped] = useState('')
  const wait = useWait(prove.error)
  const waitText = useWaitText(wait)
  const byPassword = me?.password_changed_at !== null
  if (me && !byPassword && !me.authenticator)
    return (
      <Alert variant="light" icon={<IconShieldLock size={18} />} title={t`Confirm that it is you`} role="alert">
        <Trans>Your sign-in is more than 15 minutes old. Sign out, sign in again, and then do this.</Trans>
      </Alert>
    )
  const field = {
    label: byPassword ? t`Your password` : t`Code of the app`,
    value: typed,
    onChange: (event: { currentTarget: HTMLInputElement }) => setTyped(event.currentTarget.value),
    style: { flex: '1 1 200px' },
    autoFocus: true,
  }
  return (
    <Alert variant="light" icon={<IconShieldLock size={18} />} title={t`Confirm that it is you`} role="alert">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          prove.mutate(byPassword ? { password: typed } : { code: typed.trim() }, { onSuccess: again })
        }}
      >
        <Stack gap="xs">
          <Text size="sm">
            <Trans>You signed in a while ago, and this changes who can sign in as you.</Trans>
          </Text>
          <Group align="flex-end" gap="sm">
            {byPassword ? (
              <PasswordInput
                {...field}
                autoComplete="current-password"
                visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the password` }}
              />
            ) : (
              <TextInput {...field} inputMode="numeric" autoComplete="one-time-code" />
            )}
            <Button type="submit" loading={prove.isPending} disabled={!typed || wait > 0}>
              <Trans>Confirm and go on</Trans>
            </Button>
          </Group>
          {prove.isError && (
            <Text size="sm" c="var(--bad)">
              {prove.error.message} {waitText}
            </Text>
          )}
        </Stack>
      </form>
    </Alert>
  )
}
