import { Trans, useLingui } from '@lingui/react/macro'
import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { useChangePassword } from '../../api/account'
import { Problem } from '../../api/client'
import type { Me } from '../../api/types'
import { Ago } from '../common/Ago'
import { Section } from '../common/Section'
import { besidesPassword, NewPassword } from '../join/NewPassword'
import { ProofOrProblem } from './ProofOrProblem'

/** Set or change the password; other browsers are signed out then. */
export function Password({ me }: { me: Me }) {
  const { t } = useLingui()
  const change = useChangePassword()
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const hasOne = me.password_changed_at !== null
  const isWrong = change.error instanceof Problem && change.error.code === 'password.wrong'
  const send = () =>
    change.mutate(hasOne ? { current, new: fresh } : { new: fresh }, {
      onSuccess: () => {
        setCurrent('')
        setFresh('')
      },
    })
  if (!me.email)
    return (
      <Section title={t`Password`}>
        <Text size="sm" className="quiet">
          <Trans>
            A password needs an e-mail address beside it: <Link to="/settings">give one first</Link>.
          </Trans>
        </Text>
      </Section>
    )
  const about = me.password_changed_at ? (
    <Trans>
      Set <Ago at={me.password_changed_at} />.
    </Trans>
  ) : (
    <Trans>You have none yet.</Trans>
  )
  return (
    <Section title={t`Password`} about={about}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Stack gap="sm" maw={420}>
          {hasOne && (
            <PasswordInput
              label={t`Current password`}
              value={current}
              onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
              autoComplete="current-password"
              error={isWrong ? t`This is not your current password.` : undefined}
              visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the current password` }}
            />
          )}
          <NewPassword
            label={t`New password`}
            value={fresh}
            onChange={setFresh}
            account={me.email}
            cause={change.error}
          />
          <Button type="submit" w="fit-content" disabled={!fresh || (hasOne && !current)} loading={change.isPending}>
            {hasOne ? <Trans>Change the password</Trans> : <Trans>Set the password</Trans>}
          </Button>
        </Stack>
      </form>
      {!isWrong && (
        <ProofOrProblem what={t`The password was not set`} cause={besidesPassword(change.error)} again={send} />
      )}
      {change.isSuccess && !fresh && (
        <Text size="sm" c="var(--good)" role="status">
          <Trans>The password is set; your other browsers are signed out.</Trans>
        </Text>
      )}
    </Section>
  )
}
