import { useLingui } from '@lingui/react/macro'
import { Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { Fields, type FormState } from './Fields'

const PLACES = ['input.scale', 'input.mean', 'input.std'] as const
const OWN = 'own'
/** Scale, mean and deviation as the libraries have them whose models are met most. */
const KNOWN: Record<string, readonly [string, string, string]> = {
  unit: ['1/255', '', ''],
  imagenet: ['1/255', '0.485 0.456 0.406', '0.229 0.224 0.225'],
  symmetric: ['1/255', '0.5', '0.5'],
  raw: ['1', '', ''],
}

/** What pixel values become: one of the ways that are usual, or numbers of one's own. */
export function Normalisation({ form }: { form: FormState }) {
  const { t } = useLingui()
  const now = PLACES.map((place) => form.draft[place] || form.defaults[place] || '')
  const known = Object.keys(KNOWN).find((name) => KNOWN[name]?.every((text, at) => text === now[at]))
  const [isOwn, setOwn] = useState(false)
  const shown = isOwn ? OWN : (known ?? OWN)
  const choose = (name: string | null) => {
    setOwn(name === OWN)
    const texts = KNOWN[name ?? '']
    if (texts) form.change(Object.fromEntries(PLACES.map((place, at) => [place, texts[at] ?? ''])))
  }
  return (
    <Stack gap="sm">
      <Select
        label={t`Pixel values 0 to 255 become`}
        value={shown}
        allowDeselect={false}
        onChange={choose}
        maw={420}
        data={[
          { value: 'unit', label: t`0 to 1` },
          { value: 'imagenet', label: t`0 to 1, then normalised as for ImageNet` },
          { value: 'symmetric', label: t`−1 to 1` },
          { value: 'raw', label: t`themselves` },
          { value: OWN, label: t`numbers of your own` },
        ]}
      />
      {shown === OWN && (
        <Fields
          form={form}
          fields={[
            { place: 'input.scale', label: t`Times` },
            { place: 'input.mean', label: t`Less, for each channel` },
            { place: 'input.std', label: t`Divided by, for each channel` },
          ]}
        />
      )}
    </Stack>
  )
}
