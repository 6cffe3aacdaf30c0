import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, Group, PasswordInput, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useConnect, useTryConnection } from '../../api/ingest'
import type { NewConnection as Body, ConnectionKind } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { ConnectionResult } from './ConnectionResult'

const NOTHING = {
  name: '',
  bucket: '',
  prefix: '',
  region: '',
  endpoint: '',
  account: '',
  key: '',
  secret: '',
  token: '',
}
type Fields = typeof NOTHING

/** Connect a bucket; it is asked first, and says exactly what stands in the way. */
export function NewConnection() {
  const { t } = useLingui()
  const [kind, setKind] = useState<ConnectionKind>('s3')
  const [fields, setFields] = useState(NOTHING)
  const [anonymous, setAnonymous] = useState(false)
  const attempt = useTryConnection()
  const connect = useConnect()
  const text = (name: keyof Fields) => ({
    value: fields[name],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setFields((now) => ({ ...now, [name]: value })),
    autoComplete: 'off',
    spellCheck: false,
    style: { flex: '1 1 200px' },
  })
  const body = bodyOf(kind, fields, anonymous)
  const isReady = fields.name.trim() && fields.bucket.trim()
  const cause = connect.error ?? attempt.error
  return (
    <Section
      title={t`Connect a bucket`}
      about={t`Give it a key that can list and read, nothing more. It is kept encrypted and never shown again.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          connect.mutate(body, {
            onSuccess: () => {
              setFields(NOTHING)
              attempt.reset()
            },
          })
        }}
      >
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t`Where the bucket is`}
            w="fit-content"
            value={kind}
            onChange={(next) => setKind(next as ConnectionKind)}
            data={[
              { value: 's3', label: 'S3' },
              { value: 'gcs', label: 'Google' },
              { value: 'azure', label: 'Azure' },
            ]}
          />
          <Group gap="sm">
            <TextInput label={t`Name`} placeholder={t`what you call it`} {...text('name')} />
            <TextInput label={kind === 'azure' ? t`Container` : t`Bucket`} {...text('bucket')} />
            <TextInput label={t`Only below`} placeholder="2026/" {...text('prefix')} />
          </Group>
          <Group gap="sm">
            {kind === 's3' && <TextInput label={t`Region`} placeholder="eu-central-1" {...text('region')} />}
            {kind === 'azure' && <TextInput label={t`Storage account`} {...text('account')} />}
            <TextInput label={t`Other endpoint`} placeholder="https://s3.example.org" {...text('endpoint')} />
          </Group>
          <Checkbox
            label={t`The bucket is public: no key is needed`}
            checked={anonymous}
            onChange={({ currentTarget }) => setAnonymous(currentTarget.checked)}
          />
          {!anonymous && <Secret kind={kind} text={text} />}
          {cause && <ProblemNote what={t`The bucket is not connected`} cause={cause} />}
          {attempt.data && <ConnectionResult result={attempt.data} />}
          <Group gap="sm">
            <Button
              variant="default"
              disabled={!isReady}
              loading={attempt.isPending}
              onClick={() => attempt.mutate(body)}
            >
              <Trans>Test it first</Trans>
            </Button>
            <Button type="submit" disabled={!isReady} loading={connect.isPending}>
              <Trans>Connect</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

type SecretProps = {
  kind: ConnectionKind
  text: (name: keyof Fields) => {
    value: string
    onChange: (event: { currentTarget: { value: string } }) => void
    autoComplete: string
    spellCheck: boolean
    style: { flex: string }
  }
}

function Secret({ kind, text }: SecretProps) {
  const { t } = useLingui()
  const eye = { visibilityToggleButtonProps: { 'aria-label': t`Show or hide the secret` } }
  if (kind === 'gcs')
    return (
      <Textarea label={t`Service account key (the JSON file)`} autosize minRows={3} maxRows={8} {...text('secret')} />
    )
  if (kind === 'azure')
    return (
      <Group gap="sm">
        <PasswordInput label={t`Account key`} {...eye} {...text('secret')} />
        <PasswordInput label={t`or SAS token`} {...eye} {...text('token')} />
      </Group>
    )
  return (
    <Group gap="sm">
      <TextInput label={t`Access key id`} {...text('key')} />
      <PasswordInput label={t`Secret access key`} {...eye} {...text('secret')} />
      <PasswordInput label={t`Session token, if it is a temporary key`} {...eye} {...text('token')} />
    </Group>
  )
}

/** What the API wants; fields that do not belong to this kind of bucket are left out. */
function bodyOf(kind: ConnectionKind, fields: Fields, anonymous: boolean): Body {
  const given = (value: string) => value.trim() || null
  const secrets = {
    s3: {
      access_key_id: given(fields.key),
      secret_access_key: given(fields.secret),
      session_token: given(fields.token),
    },
    gcs: { service_account_key: given(fields.secret) },
    azure: { account_key: given(fields.secret), sas_token: given(fields.token) },
  }
  const hasSecret = Object.values(secrets[kind]).some(Boolean)
  return {
    name: fields.name.trim(),
    kind,
    bucket: fields.bucket.trim(),
    prefix: fields.prefix.trim(),
    region: kind === 's3' ? given(fields.region) : null,
    endpoint: given(fields.endpoint),
    account: kind === 'azure' ? given(fields.account) : null,
    anonymous,
    secret: anonymous || !hasSecret ? null : secrets[kind],
  }
}
