import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeModel } from '../../api/models'
import type { Model, ModelChange } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { type Adapter, draftOf } from './settings/draft'
import { type Header, Headers, headersOf } from './settings/Headers'
import { SettingsFields } from './settings/SettingsFields'
import { useSettings } from './settings/useSettings'

/** Change how a model is asked. What is sent along stays sealed, unless other headers are entered. */
export function ModelSettings({ model }: { model: Model }) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(false)
  const [isSaved, setSaved] = useState(false)
  return (
    <Section title={t`How it is asked`}>
      {isOpen ? (
        <Form
          model={model}
          close={(saved) => {
            setOpen(false)
            setSaved(saved)
          }}
        />
      ) : (
        <Group gap="sm">
          <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
            <Trans>Change name and settings</Trans>
          </Button>
          {isSaved && (
            <Text size="sm" role="status">
              <Trans>Changed. Test it again to see what that does.</Trans>
            </Text>
          )}
        </Group>
      )}
    </Section>
  )
}

function Form({ model, close }: { model: Model; close: (saved: boolean) => void }) {
  const { t } = useLingui()
  const way = model.adapter as Adapter
  const change = useChangeModel(model.id)
  const [name, setName] = useState(model.name)
  const [hasOthers, setOthers] = useState(model.header_names.length === 0)
  const [headers, setHeaders] = useState<Header[]>([])
  const { form, settings, isReadable, isChanged } = useSettings(way, draftOf(way, { ...model.settings }))
  const save = () => {
    // What was not touched is left as it is, also where this form could not say it.
    const body = { name: name.trim(), ...(isChanged && { settings }) } as ModelChange
    const isSealedAnew = way !== 'onnx' && hasOthers && (headers.length > 0 || model.header_names.length > 0)
    change.mutate(isSealedAnew ? { ...body, headers: headersOf(headers) } : body, { onSuccess: () => close(true) })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t`Name`}
          value={name}
          maxLength={200}
          maw={420}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <SettingsFields way={way} kind={model.kind ?? ''} form={form} />
        {way !== 'onnx' && model.header_names.length > 0 && (
          <Checkbox
            label={t`Other headers than those that are kept`}
            description={t`Kept: ${model.header_names.join(', ')}. A new address wants them again; entering none takes them away.`}
            checked={hasOthers}
            onChange={({ currentTarget }) => setOthers(currentTarget.checked)}
          />
        )}
        {way !== 'onnx' && hasOthers && <Headers headers={headers} change={setHeaders} />}
        {change.isError && <ProblemNote what={t`The model was not changed`} cause={change.error} />}
        <Group gap="sm">
          <Button
            type="submit"
            size="compact-sm"
            loading={change.isPending}
            disabled={!name.trim() || (isChanged && !isReadable)}
          >
            <Trans>Save</Trans>
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => close(false)}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
