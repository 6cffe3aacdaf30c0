import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox, Group, PasswordInput, Stack, Text, Textarea, TextInput } from '@mantine/core'
import type { Draft, TextField } from './connectionDraft'

type Props = {
  draft: Draft
  change: (part: Partial<Draft>) => void
  /** Of a connection that is there: its bucket stays what it is. */
  isFixed?: boolean
  /** What is said of credentials that are kept when nothing is entered. */
  kept?: string | null
}

/** What a bucket is and how it is opened, as its kind wants it. */
export function ConnectionFields({ draft, change, isFixed = false, kept = null }: Props) {
  const { t } = useLingui()
  const { kind } = draft
  const text = fieldsOf(draft, change)
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start">
        <TextInput label={t`Name`} placeholder={t`what you call it`} {...text('name')} />
        {!isFixed && <TextInput label={kind === 'azure' ? t`Container` : t`Bucket`} {...text('bucket')} />}
        <TextInput label={t`Only below`} placeholder="2026/" {...text('prefix')} />
      </Group>
      <Group gap="sm" align="flex-start">
        {kind === 's3' && <TextInput label={t`Region`} placeholder="us-east-1" {...text('region')} />}
        {kind === 'azure' && !isFixed && <TextInput label={t`Storage account`} {...text('account')} />}
        <TextInput label={t`Other endpoint`} placeholder="https://s3.example.org" {...text('endpoint')} />
      </Group>
      <Checkbox
        label={t`The bucket is public: no key is needed`}
        checked={draft.anonymous}
        onChange={({ currentTarget }) => change({ anonymous: currentTarget.checked })}
      />
      {!draft.anonymous && (
        <>
          {kept && (
            <Text size="sm" className="quiet">
              <Trans>Leave the credentials empty to keep {kept}.</Trans>
            </Text>
          )}
          <Secret draft={draft} change={change} />
        </>
      )}
    </Stack>
  )
}

function Secret({ draft, change }: Pick<Props, 'draft' | 'change'>) {
  const { t } = useLingui()
  const text = fieldsOf(draft, change)
  const eye = { visibilityToggleButtonProps: { 'aria-label': t`Show or hide the secret` } }
  if (draft.kind === 'gcs')
    return (
      <Textarea label={t`Service account key (the JSON file)`} autosize minRows={3} maxRows={8} {...text('secret')} />
    )
  if (draft.kind === 'azure')
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
      <PasswordInput label={t`Session token`} placeholder={t`only with a temporary key`} {...eye} {...text('token')} />
    </Group>
  )
}

const fieldsOf = (draft: Draft, change: Props['change']) => (name: TextField) => ({
  value: draft[name],
  onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => change({ [name]: value }),
  autoComplete: 'off',
  spellCheck: false,
  style: { flex: '1 1 200px' },
})
