import { useLingui } from '@lingui/react/macro'
import { useCallback, useMemo, useState } from 'react'
import { useAssetsById } from '../../api/projects'
import type { Asset, Fault, Id } from '../../api/types'
import { type DraftClass, type DraftSection, exampleIds, sectionFaults } from './sections'

/** The assets that are examples: asked for by their ids, and at once those that were chosen just now. */
export function useExamples(dataset: Id | null, sections: readonly DraftSection[]) {
  const [chosen, setChosen] = useState<ReadonlyMap<Id, Asset>>(new Map())
  const ids = useMemo(() => exampleIds(sections), [sections])
  const asked = useAssetsById(dataset, ids)
  const isKnown = dataset !== null && asked.isSuccess && !asked.isPlaceholderData
  const found = asked.data
  const assets = useMemo(() => new Map([...chosen, ...(found ?? [])]), [chosen, found])
  const remember = useCallback(
    (some: readonly Asset[]) =>
      setChosen((before) => new Map([...before, ...some.map((each) => [each.id, each] as const)])),
    [],
  )
  const isThere = (id: Id): boolean | null => (isKnown ? (found?.has(id) ?? false) : null)
  return { assets, remember, isThere }
}

/** The faults of the sections in the language that is spoken. */
export function useSectionFaults(
  sections: readonly DraftSection[],
  classes: readonly DraftClass[],
  isThere: (id: Id) => boolean | null,
): Fault[] {
  const { t } = useLingui()
  return sectionFaults(sections, classes, isThere, {
    nameless: t`A section about everything needs a title.`,
    empty: t`Say something, or choose an example.`,
    noClass: t`This class is gone. Choose what the section is about.`,
    repeated: t`Another section is about this class already. Put the two together.`,
    gone: t`The dataset no longer has this asset. Remove it or choose another.`,
    exampleTwice: t`The section shows this asset already. Once will do.`,
  })
}
