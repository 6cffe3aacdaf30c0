import { useLingui } from '@lingui/react/macro'
import { Select } from '@mantine/core'
import { useEffect } from 'react'
import { useDataset, useDatasets } from '../../api/queries'
import type { Id, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { editorOf } from '../../modalities'

type Props = { project: Project; chosen: Id; choose: (dataset: Id) => void }

/** Data that the project's kind can be asked about: its own, or another dataset of the same modality. */
export function DatasetChoice({ project, chosen, choose }: Props) {
  const { t } = useLingui()
  const format = useFormat()
  const own = useDataset(project.dataset_id).data
  const datasets = useDatasets()
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = datasets
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const { modality } = editorOf(project.ontology.kind).kind
  const others = datasets.items.filter((each) => each.modality === modality && each.id !== project.dataset_id)
  const count = (n: number) => t`${format.number(n)} assets`
  return (
    <Select
      label={t`Data`}
      searchable
      allowDeselect={false}
      value={chosen}
      onChange={(value) => value && choose(value)}
      error={datasets.isError ? t`The other datasets could not be read: ${datasets.error.message}` : null}
      nothingFoundMessage={t`No dataset of this name`}
      data={[
        { value: project.dataset_id, label: own ? t`The same: ${own.name} (${count(own.n_assets)})` : t`The same` },
        ...others.map(({ id, name, n_assets }) => ({ value: id, label: `${name} (${count(n_assets)})` })),
      ]}
    />
  )
}
