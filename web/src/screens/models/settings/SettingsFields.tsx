import { Trans, useLingui } from '@lingui/react/macro'
import { Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Adapter } from './draft'
import { type Field, Fields, type FormState } from './Fields'
import { OnnxFields } from './OnnxFields'
import { RemoteFields } from './RemoteFields'

type Props = { way: Adapter; kind: string; form: FormState }

/** What has to be said of a model, and folded away what can be. */
export function SettingsFields({ way, kind, form }: Props) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(false)
  const hasWrong = form.wrong.some((place) => place !== 'output.class_names' && place !== 'url')
  const common: Field[] = [
    {
      place: 'class_map',
      label: t`Classes with other names here`,
      about: t`One a line: the model’s = the project’s. The others meet by name.`,
      isLong: true,
    },
    { place: 'batch_size', label: t`Assets in one go` },
    { place: 'timeout_s', label: t`Seconds to wait at most` },
    ...(kind.endsWith('.box') ? [{ place: 'max_objects', label: t`Objects of one asset at most` }] : []),
  ]
  return (
    <Stack gap="sm">
      {way === 'onnx' ? (
        <Fields
          form={form}
          fields={[
            {
              place: 'output.class_names',
              label: t`Its classes in their order, one a line`,
              about: t`Leave this empty if the file says them itself.`,
              isLong: true,
            },
          ]}
        />
      ) : (
        <TextInput
          label={t`Address`}
          placeholder="https://models.example.org/predict"
          type="url"
          value={form.draft.url ?? ''}
          maw={520}
          onChange={({ currentTarget }) => form.change({ url: currentTarget.value })}
        />
      )}
      <details open={isOpen || hasWrong} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary style={{ cursor: 'pointer' }}>
          <Trans>How it is asked, in detail</Trans>
        </summary>
        <Stack gap="sm" mt="sm">
          {way === 'onnx' ? <OnnxFields kind={kind} form={form} /> : <RemoteFields way={way} kind={kind} form={form} />}
          <Fields fields={common} form={form} />
        </Stack>
      </details>
    </Stack>
  )
}
