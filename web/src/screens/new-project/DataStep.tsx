import { Trans, useLingui } from '@lingui/react/macro'
import { Radio, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useDataset, useDatasets } from '../../api/queries'
import type { Dataset } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { UploadData } from './UploadData'

type Props = { dataset: Dataset | null; choose: (dataset: Dataset | null) => void }

/** What is to be labelled: a dataset that is here already, or a new one. */
export function DataStep({ dataset, choose }: Props) {
  const { t } = useLingui()
  const datasets = useDatasets()
  const [made, setMade] = useState<string | null>(null)
  const fresh = useDataset(made).data
  useEffect(() => {
    if (fresh && (fresh.id !== dataset?.id || fresh.n_assets !== dataset.n_assets)) choose(fresh)
  }, [fresh, dataset, choose])
  const hasSome = datasets.items.length > 0
  return (
    <Stack>
      <div>
        <Title order={2} size="h4">
          <Trans>What is to be labelled?</Trans>
        </Title>
        <Text className="quiet" size="sm">
          <Trans>Each image or text becomes one task.</Trans>
        </Text>
      </div>
      {datasets.isPending && <Skeleton height={120} />}
      {datasets.isError && (
        <ProblemNote
          what={t`The datasets could not be read`}
          cause={datasets.error}
          retry={() => void datasets.refetch()}
        />
      )}
      {datasets.isSuccess && (
        <Tabs defaultValue={hasSome && !made ? 'here' : 'new'} keepMounted>
          <Tabs.List mb="md">
            <Tabs.Tab value="new">
              <Trans>Upload new data</Trans>
            </Tabs.Tab>
            <Tabs.Tab value="here" disabled={!hasSome}>
              <Trans>Use a dataset that is here</Trans>
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="new">
            <UploadData onDataset={setMade} />
          </Tabs.Panel>
          <Tabs.Panel value="here">
            <DatasetChoice datasets={datasets.items} chosen={dataset} choose={choose} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  )
}

function DatasetChoice({
  datasets,
  chosen,
  choose,
}: { datasets: Dataset[]; chosen: Dataset | null } & Pick<Props, 'choose'>) {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <Radio.Group
      label={t`Dataset`}
      value={chosen?.id ?? ''}
      onChange={(id) => choose(datasets.find((each) => each.id === id) ?? null)}
    >
      <Stack gap="xs" mt="xs">
        {datasets.map((each) => {
          const count = format.number(each.n_assets)
          return (
            <Radio
              key={each.id}
              value={each.id}
              disabled={each.n_assets === 0}
              label={each.name}
              description={
                each.modality === 'image'
                  ? t`${count} images, ${format.bytes(each.n_bytes)}`
                  : t`${count} texts, ${format.bytes(each.n_bytes)}`
              }
            />
          )
        })}
      </Stack>
    </Radio.Group>
  )
}
