import { useLingui } from '@lingui/react/macro'
import type { ObjectPayload } from '../../../modalities/objects/types'
import type { Objects } from './useObjects'

/** The first thing that keeps the objects from being handed in, said of the object it is about, which is then selected. */
export function useFirstFault({ objects, document }: Objects): () => string | null {
  const { t } = useLingui()
  return () => {
    const [first] = objects.faults()
    if (!first) return null
    objects.session.setState({ selection: [first.id] })
    const number = Object.keys(document).indexOf(first.id) + 1
    const name = (document[first.id]?.payload as ObjectPayload | undefined)?.label_class ?? ''
    return t`Object ${number} (${name}): ${first.fault.message}`
  }
}
