import { useLingui } from '@lingui/react/macro'
import { Group, Select, Textarea, TextInput } from '@mantine/core'
import type { Draft } from './draft'

export type Field = {
  place: string
  label: string
  about?: string
  /** The first is what holds where none is chosen. */
  choices?: { value: string; label: string }[]
  /** Several lines. */
  isLong?: boolean
}
export type FormState = {
  draft: Draft
  defaults: Draft
  wrong: readonly string[]
  change: (part: Record<string, string>) => void
}

/** Settings beside one another; where nothing is entered, what holds then stands there pale. */
export function Fields({ fields, form }: { fields: Field[]; form: FormState }) {
  return (
    <Group gap="sm" align="flex-start">
      {fields.map((field) => (
        <One key={field.place} field={field} form={form} />
      ))}
    </Group>
  )
}

function One({ field: { place, label, about, choices, isLong }, form }: { field: Field; form: FormState }) {
  const { t } = useLingui()
  const value = form.draft[place] ?? ''
  const error = form.wrong.includes(place) ? t`This cannot be read.` : undefined
  const write = (text: string) => form.change({ [place]: text })
  if (choices)
    return (
      <Select
        label={label}
        description={about}
        data={choices}
        value={value || form.defaults[place] || (choices[0]?.value ?? '')}
        allowDeselect={false}
        onChange={(next) => write(next ?? '')}
        style={{ flex: '1 1 180px' }}
        maw={320}
      />
    )
  const shared = { label, description: about, error, value, placeholder: form.defaults[place], spellCheck: false }
  if (isLong)
    return (
      <Textarea
        {...shared}
        autosize
        minRows={2}
        maxRows={10}
        style={{ flex: '1 1 260px' }}
        maw={420}
        onChange={({ currentTarget }) => write(currentTarget.value)}
      />
    )
  return (
    <TextInput
      {...shared}
      autoComplete="off"
      style={{ flex: '1 1 120px' }}
      maw={320}
      onChange={({ currentTarget }) => write(currentTarget.value)}
    />
  )
}
