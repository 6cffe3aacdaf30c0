import { useLingui } from '@lingui/react/macro'
import { Skeleton, Stack, Text } from '@mantine/core'
import { useDataset } from '../../api/queries'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { DatasetView } from '../data/DatasetView'
import { useThisProject } from './ProjectLayout'

/** What came in: the assets, and how each import went. */
export function Data() {
  const { t } = useLingui()
  const format = useFormat()
  const project = useThisProject()
  const dataset = useDataset(project.dataset_id)
  if (dataset.isPending) return <Skeleton height={240} />
  if (dataset.isError)
    return (
      <ProblemNote
        what={t`This dataset could not be opened`}
        cause={dataset.error}
        retry={() => void dataset.refetch()}
      />
    )
  const { name, n_assets, n_bytes } = dataset.data
  return (
    <Stack>
      <Text size="sm" className="quiet" style={{ overflowWrap: 'anywhere' }}>
        {t`Dataset “${name}”: ${format.number(n_assets)} assets, ${format.bytes(n_bytes)}`}
      </Text>
      <DatasetView dataset={dataset.data} />
    </Stack>
  )
}
