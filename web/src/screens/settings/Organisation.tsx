import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Code, Group, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeTenant, useTenant } from '../../api/people'
import type { TenantSettings } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'

/** The organisation and its rules of signing in. */
export function Organisation() {
  const { t } = useLingui()
  const tenant = useTenant()
  if (tenant.isPending) return <Skeleton height={240} />
  if (tenant.isError)
    return (
      <ProblemNote
        what={t`The organisation could not be read`}
        cause={tenant.error}
        retry={() => void tenant.refetch()}
      />
    )
  return (
    <Stack>
      <Name key={tenant.data.name} tenant={tenant.data} />
      <SecondFactor tenant={tenant.data} />
    </Stack>
  )
}

function Name({ tenant }: { tenant: TenantSettings }) {
  const { t } = useLingui()
  const change = useChangeTenant()
  const [name, setName] = useState(tenant.name)
  const isChanged = name.trim() !== '' && name.trim() !== tenant.name
  return (
    <Section
      title={t`Organisation`}
      about={
        <Trans>
          Its short name, for the sign-in page, is <Code>{tenant.slug}</Code>.
        </Trans>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ name: name.trim() })
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t`Name`}
            value={name}
            maxLength={100}
            style={{ flex: '1 1 200px' }}
            maw={360}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Button type="submit" disabled={!isChanged} loading={change.isPending}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </form>
      {change.isError && <ProblemNote what={t`Nothing was changed`} cause={change.error} />}
    </Section>
  )
}

function SecondFactor({ tenant }: { tenant: TenantSettings }) {
  const { t } = useLingui()
  const change = useChangeTenant()
  return (
    <Section title={t`Signing in`}>
      <Switch
        label={t`Everybody needs a second factor`}
        description={t`A passkey, or an authenticator app beside the password. Who has none yet is asked to set it up at the next step; until then nothing else is open to them.`}
        checked={tenant.second_factor_required}
        disabled={change.isPending}
        onChange={({ currentTarget }) => change.mutate({ second_factor_required: currentTarget.checked })}
      />
      {tenant.second_factor_required && (
        <Text size="sm" className="quiet">
          <Trans>API keys are not asked for one.</Trans>
        </Text>
      )}
      {change.isError && <ProblemNote what={t`Nothing was changed`} cause={change.error} />}
    </Section>
  )
}
