import { useState } from 'react'
import { useAdapters } from '../../../api/models'
import { type Adapter, type Draft, defaultsOf, settingsOf } from './draft'
import type { FormState } from './Fields'

/** A form of settings: what is typed, what it amounts to, and what cannot be read. */
export function useSettings(way: Adapter, begun: Draft = {}) {
  const adapters = useAdapters().data
  const [at] = useState(begun)
  const [draft, setDraft] = useState(at)
  const { settings, wrong } = settingsOf(way, draft)
  const schema = adapters?.find(({ name }) => name === way)?.settings
  const form: FormState = {
    draft,
    wrong,
    defaults: defaultsOf(way, schema),
    change: (part) => setDraft((now) => ({ ...now, ...part })),
  }
  const isChanged = Object.keys({ ...at, ...draft }).some((place) => (at[place] ?? '') !== (draft[place] ?? ''))
  return { form, settings, isReadable: !wrong.length, isChanged }
}
