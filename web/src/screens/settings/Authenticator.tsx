import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import {
  useBeginAuthenticator,
  useConfirmAuthenticator,
  useNewRecoveryCodes,
  useRemoveAuthenticator,
} from '../../api/account'
import type { AuthenticatorSetup, Me } from '../../api/types'
import { Section } from '../common/Section'
import { ShownOnce } from '../common/ShownOnce'
import { Sure } from '../common/Sure'
import { ProofOrProblem } from './ProofOrProblem'

/** A second proof beside the password: six digits of an app. */
export function Authenticator({ me }: { me: Me }) {
  const { t } = useLingui()
  const begin = useBeginAuthenticator()
  const confirm = useConfirmAuthenticator()
  const renew = useNewRecoveryCodes()
  const codes = renew.data?.codes ?? confirm.data?.codes
  return (
    <Section
      title={t`Authenticator app`}
      about={t`Signing in with your password then also asks for six digits that only your phone can show.`}
    >
      {me.authenticator ? (
        <InUse me={me} renew={renew} />
      ) : begin.data ? (
        <Confirm setup={begin.data} confirm={confirm} />
      ) : (
        <>
          <Button variant="default" w="fit-content" loading={begin.isPending} onClick={() => begin.mutate()}>
            <Trans>Set up an authenticator app</Trans>
          </Button>
          <ProofOrProblem what={t`The set-up could not begin`} cause={begin.error} again={() => begin.mutate()} />
        </>
      )}
      {codes && (
        <ShownOnce title={t`Keep these recovery codes: they are not shown again`} secret={codes.join('\n')}>
          <Trans>Each signs you in once when the phone is lost. Print them, or keep them in a password manager.</Trans>
        </ShownOnce>
      )}
    </Section>
  )
}

function Confirm({
  setup,
  confirm,
}: {
  setup: AuthenticatorSetup
  confirm: ReturnType<typeof useConfirmAuthenticator>
}) {
  const { t } = useLingui()
  const [code, setCode] = useState('')
  return (
    <Group align="flex-start" gap="lg">
      <img
        src={setup.qr_code}
        alt={t`QR code for the authenticator app`}
        width={176}
        height={176}
        style={{ background: '#fff', padding: 8 }}
      />
      <Stack gap="sm" style={{ flex: '1 1 240px' }}>
        <Text size="sm">
          <Trans>Scan this with the app, or type the secret into it. Then type the six digits that it shows.</Trans>
        </Text>
        <Code style={{ overflowWrap: 'anywhere' }}>{setup.secret}</Code>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            confirm.mutate(code.trim())
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t`Code of the app`}
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={10}
              w={140}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
            />
            <Button type="submit" disabled={!code.trim()} loading={confirm.isPending}>
              <Trans>Put it into use</Trans>
            </Button>
          </Group>
        </form>
        <ProofOrProblem
          what={t`The app is not in use yet`}
          cause={confirm.error}
          again={() => confirm.mutate(code.trim())}
        />
      </Stack>
    </Group>
  )
}

function InUse({ me, renew }: { me: Me; renew: ReturnType<typeof useNewRecoveryCodes> }) {
  const { t } = useLingui()
  const remove = useRemoveAuthenticator()
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          <Trans>In use.</Trans>{' '}
          <span className="quiet">
            <Plural
              value={me.recovery_codes_left}
              _0="No recovery code is left: make new ones."
              one="# recovery code is left."
              other="# recovery codes are left."
            />
          </span>
        </Text>
        <Group gap="xs">
          <Button size="compact-xs" variant="default" loading={renew.isPending} onClick={() => renew.mutate(undefined)}>
            <Trans>New recovery codes</Trans>
          </Button>
          <Sure
            label={t`Remove the authenticator app`}
            deed={t`Remove for good`}
            busy={remove.isPending}
            run={() => remove.mutate(undefined)}
          >{t`Remove`}</Sure>
        </Group>
      </Group>
      <ProofOrProblem what={t`No new codes were made`} cause={renew.error} again={() => renew.mutate(undefined)} />
      <ProofOrProblem what={t`The app was not removed`} cause={remove.error} again={() => remove.mutate(undefined)} />
    </>
  )
}
