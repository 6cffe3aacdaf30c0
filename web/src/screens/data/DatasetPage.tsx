import { useLingui } from '@lingui/react/macro'
import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core'
import { Link, useParams } from 'react-router'
import { useDataset } from '../../api/queries'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { useTitle } from '../common/useTitle'
import { DatasetView } from './DatasetView'

/** One dataset. */
export function DatasetPage() {
  const { t } = useLingui()
  const format = useFormat()
  const { datasetId = '' } = useParams()
  const dataset = useDataset(datasetId)
  useTitle(dataset.data?.name)
  if (dataset.isPending) return <Skeleton height={320} />
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
      <div>
        <Anchor component={Link} to="/datasets" size="sm">
          {t`All datasets`}
        </Anchor>
        <Title order={1} size="h3">
          {name}
        </Title>
        <Text size="sm" className="quiet">
          {t`${format.number(n_assets)} assets, ${format.bytes(n_bytes)}`}
        </Text>
      </div>
      <DatasetView dataset={dataset.data} />
    </Stack>
  )
}
