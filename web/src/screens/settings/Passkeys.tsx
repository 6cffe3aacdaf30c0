import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { useAddPasskey, useRemovePasskey, useRenamePasskey } from '../../api/account'
import { knowsPasskeys } from '../../api/passkeys'
import type { Me, Passkey } from '../../api/types'
import { Ago } from '../common/Ago'
import { Section } from '../common/Section'
import { StateBadge } from '../common/StateBadge'
import { Sure } from '../common/Sure'
import { ProofOrProblem } from './ProofOrProblem'

/** Sign in without typing: by the device's finger, face or PIN. */
export function Passkeys({ me }: { me: Me }) {
  const { t } = useLingui()
  return (
    <Section
      title={t`Passkeys`}
      about={t`Sign in by the finger, face or PIN of your device. Nobody can steal it by a false page, and it counts as a second factor.`}
    >
      {me.passkeys.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} />
      ))}
      {me.passkeys_possible && knowsPasskeys() ? (
        <AddPasskey />
      ) : (
        <Text size="sm" className="quiet">
          <Trans>
            Passkeys need a secure page: open Karat as localhost or over https by its name, not by a number.
          </Trans>
        </Text>
      )}
    </Section>
  )
}

function AddPasskey() {
  const { t } = useLingui()
  const add = useAddPasskey()
  const [name, setName] = useState('')
  const send = () => add.mutate(name.trim() || t`Passkey`, { onSuccess: () => setName('') })
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t`Name of the passkey`}
            placeholder={t`where it is, like “work laptop”`}
            value={name}
            maxLength={100}
            style={{ flex: '1 1 200px' }}
            maw={320}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Button type="submit" variant="default" leftSection={<IconFingerprint size={16} />} loading={add.isPending}>
            <Trans>Add a passkey</Trans>
          </Button>
        </Group>
      </form>
      <ProofOrProblem what={t`The passkey was not added`} cause={add.error} again={send} />
    </Stack>
  )
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { t } = useLingui()
  const rename = useRenamePasskey()
  const remove = useRemovePasskey()
  const [name, setName] = useState(passkey.name)
  const isRenamed = name.trim() !== '' && name.trim() !== passkey.name
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="sm">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            rename.mutate({ id: passkey.id, name: name.trim() })
          }}
        >
          <Group gap="xs">
            <TextInput
              aria-label={t`Name of the passkey ${passkey.name}`}
              size="xs"
              value={name}
              maxLength={100}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            {isRenamed && (
              <Button type="submit" size="compact-xs" loading={rename.isPending}>
                <Trans>Rename</Trans>
              </Button>
            )}
            <StateBadge tone="plain">{passkey.backed_up ? t`kept in a password manager` : t`on one device`}</StateBadge>
          </Group>
        </form>
        <Group gap="sm">
          <Text size="xs" className="quiet">
            {passkey.last_used_at ? (
              <Trans>
                used <Ago at={passkey.last_used_at} />
              </Trans>
            ) : (
              <Trans>
                added <Ago at={passkey.created_at} />
              </Trans>
            )}
          </Text>
          <Sure
            label={t`Remove the passkey ${passkey.name}`}
            deed={t`Remove for good`}
            busy={remove.isPending}
            run={() => remove.mutate(passkey.id)}
          >{t`Remove`}</Sure>
        </Group>
      </Group>
      <ProofOrProblem
        what={t`The passkey was not removed`}
        cause={remove.error}
        again={() => remove.mutate(passkey.id)}
      />
      <ProofOrProblem
        what={t`The passkey was not renamed`}
        cause={rename.error}
        again={() => rename.mutate({ id: passkey.id, name: name.trim() })}
      />
    </Stack>
  )
}
