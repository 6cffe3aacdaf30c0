import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Radio, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useDatasets } from '../../api/queries'
import type { Dataset, Fault, Id } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { faultAt } from '../setup/faults'
import { UploadData } from './UploadData'

type Props = { dataset: Id | null; choose: (dataset: Id) => void; faults: readonly Fault[] }

/** What is to be labelled: a dataset that is here already, or a new one. */
export function DataStep({ dataset, choose, faults }: Props) {
  const { t } = useLingui()
  const datasets = useDatasets()
  const [made, setMade] = useState<Id | null>(null)
  const fault = faultAt(faults, 'dataset_id')
  const begin = (id: Id) => {
    setMade(id)
    choose(id)
  }
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
            <UploadData onDataset={begin} />
          </Tabs.Panel>
          <Tabs.Panel value="here">
            <DatasetChoice datasets={datasets.items} chosen={dataset} choose={choose} />
            {datasets.hasNextPage && (
              <Button
                mt="sm"
                size="compact-sm"
                variant="default"
                loading={datasets.isFetchingNextPage}
                onClick={() => void datasets.fetchNextPage()}
              >
                <Trans>Show more</Trans>
              </Button>
            )}
          </Tabs.Panel>
        </Tabs>
      )}
      {fault && (
        <Text size="sm" c="var(--bad)" role="alert">
          {fault}
        </Text>
      )}
    </Stack>
  )
}

function DatasetChoice({
  datasets,
  chosen,
  choose,
}: { datasets: Dataset[]; chosen: Id | null } & Pick<Props, 'choose'>) {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <Radio.Group label={t`Dataset`} value={chosen ?? ''} onChange={choose}>
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
