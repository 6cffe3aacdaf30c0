import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useAdapters, useAddModel } from '../../api/models'
import type { NewModel as Body } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import type { Adapter } from './settings/draft'
import { type Header, Headers, headersOf } from './settings/Headers'
import { SettingsFields } from './settings/SettingsFields'
import { useSettings } from './settings/useSettings'
import { useAdapterTitles } from './titles'

/** Bring a model: what it gives, and how it is asked. Its page then takes the file, tests it, and gives it to projects. */
export function NewModel() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const adapters = useAdapters().data ?? []
  const titles = useAdapterTitles()
  const add = useAddModel()
  const [name, setName] = useState('')
  const [way, setWay] = useState<Adapter>('onnx')
  const [kind, setKind] = useState<string | null>(null)
  const [headers, setHeaders] = useState<Header[]>([])
  const { form, settings, isReadable } = useSettings(way)
  const offered = adapters.filter((each) => each.settings !== null && each.name in titles)
  const kinds = offered.find((each) => each.name === way)?.kinds ?? []
  const chosen = kind && kinds.includes(kind) ? kind : (kinds[0] ?? null)
  const send = () => {
    // What is left out of the settings has defaults on the server.
    const body = { name: name.trim(), kind: chosen, settings } as unknown as Body
    const sealed = way === 'onnx' || !headers.length ? null : headersOf(headers)
    add.mutate({ ...body, headers: sealed }, { onSuccess: ({ id }) => void navigate(`/models/${id}`) })
  }
  return (
    <Section title={t`Bring a model`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Stack gap="sm">
          <Radio.Group label={t`How it is asked`} value={way} onChange={(next) => setWay(next as Adapter)}>
            <Stack gap={6} mt={4}>
              {offered.map((each) => (
                <Radio
                  key={each.name}
                  value={each.name}
                  label={titles[each.name]}
                  description={<About way={each.name} />}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Group gap="sm" align="flex-start">
            <TextInput
              label={t`Name`}
              value={name}
              maxLength={200}
              style={{ flex: '1 1 200px' }}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Select
              label={t`What it predicts`}
              w={180}
              data={kinds}
              value={chosen}
              allowDeselect={false}
              onChange={setKind}
            />
          </Group>
          {chosen && <SettingsFields way={way} kind={chosen} form={form} />}
          {way !== 'onnx' && <Headers headers={headers} change={setHeaders} />}
          {add.isError && <ProblemNote what={t`The model was not added`} cause={add.error} />}
          <Button
            type="submit"
            w="fit-content"
            loading={add.isPending}
            disabled={!name.trim() || !chosen || !isReadable || (way !== 'onnx' && !settings.url)}
          >
            {way === 'onnx' ? <Trans>Add it, then upload the file</Trans> : <Trans>Add it, then test it</Trans>}
          </Button>
        </Stack>
      </form>
    </Section>
  )
}

function About({ way }: { way: string }) {
  return (
    <Text span size="xs">
      {way === 'onnx' && <Trans>Runs here, in a process of its own; nothing leaves the server.</Trans>}
      {way === 'http' && <Trans>Gets batches of assets and answers with predictions.</Trans>}
      {way === 'label-studio' && <Trans>A server that was written for Label Studio works as it is.</Trans>}
    </Text>
  )
}
