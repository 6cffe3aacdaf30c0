import { useLingui } from '@lingui/react/macro'
import { type Field, Fields, type FormState } from './Fields'

/** How a server is asked, beyond its address. */
export function RemoteFields({ way, kind, form }: { way: 'http' | 'label-studio'; kind: string; form: FormState }) {
  const { t } = useLingui()
  const fields: Field[] = [
    { place: 'concurrency', label: t`Requests at once` },
    { place: 'attempts', label: t`Tries of a request` },
  ]
  if (way === 'label-studio' && kind.startsWith('image.'))
    fields.push({
      place: 'media',
      label: t`Images are sent as`,
      choices: [
        { value: 'link', label: t`a signed link to this server` },
        { value: 'inline', label: t`the image itself` },
      ],
    })
  if (way === 'label-studio' && kind.endsWith('.class'))
    fields.push({ place: 'bare_score', label: t`A choice without a score counts`, about: t`From 0 to 1.` })
  return <Fields fields={fields} form={form} />
}
