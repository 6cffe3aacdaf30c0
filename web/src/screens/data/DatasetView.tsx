import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useForgetUpload, useOpenUploads } from '../../api/ingest'
import { chooseFolder, type Picked } from '../../api/picked'
import { useImports } from '../../api/queries'
import { useMay } from '../../api/session'
import type { Dataset, Upload } from '../../api/types'
import { Uploading } from '../../api/uploading'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { Panel } from '../common/Panel'
import { ImportProgress } from '../new-project/ImportProgress'
import { nameOf } from '../new-project/UploadData'
import { AssetGrid } from './AssetGrid'
import { DropFiles } from './DropFiles'
import { ImportBucket } from './ImportBucket'
import { UploadPanel } from './UploadPanel'

/** A dataset: add to it, how each import went, and what it holds. */
export function DatasetView({ dataset }: { dataset: Dataset }) {
  const mayAdd = useMay('work.manage')
  return (
    <Stack>
      {mayAdd && <AddData key={dataset.id} dataset={dataset} />}
      <Imports datasetId={dataset.id} />
      {dataset.n_assets > 0 && <AssetGrid datasetId={dataset.id} />}
    </Stack>
  )
}

function AddData({ dataset }: { dataset: Dataset }) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(dataset.n_assets === 0)
  const [uploads, setUploads] = useState<Uploading[]>([])
  const imports = useImports(dataset.id)
  const send = (picked: Picked[], begun: Upload | null = null) => {
    const [first] = picked
    if (!first) return
    const uploading = new Uploading(dataset.id, begun?.name ?? nameOf(picked, first), picked, begun)
    setUploads((all) => [...all, uploading])
    void uploading.go()
  }
  return (
    <Stack gap="sm">
      <OpenUploads dataset={dataset} goOn={send} isBusy={uploads.length > 0} />
      {isOpen ? (
        <Panel>
          <Tabs defaultValue="files">
            <Tabs.List mb="sm">
              <Tabs.Tab value="files">
                <Trans>Files and folders</Trans>
              </Tabs.Tab>
              <Tabs.Tab value="bucket">
                <Trans>From a bucket</Trans>
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="files">
              <DropFiles modality={dataset.modality} take={(picked) => send(picked)} />
            </Tabs.Panel>
            <Tabs.Panel value="bucket">
              {/* The list of imports below shows what becomes of it. */}
              <ImportBucketHere datasetId={dataset.id} />
            </Tabs.Panel>
          </Tabs>
        </Panel>
      ) : (
        <Button
          variant="default"
          w="fit-content"
          leftSection={<IconPlus size={15} />}
          onClick={() => setOpen(true)}
        >{t`Add data`}</Button>
      )}
      {uploads.map((uploading, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: uploads are only ever appended
        <UploadPanel key={at} uploading={uploading} onBegun={() => void imports.refetch()} isShownElsewhere />
      ))}
    </Stack>
  )
}

function ImportBucketHere({ datasetId }: { datasetId: string }) {
  const imports = useImports(datasetId)
  return <ImportBucket dataset={async () => datasetId} onImport={() => void imports.refetch()} />
}

type OpenProps = { dataset: Dataset; goOn: (picked: Picked[], begun: Upload) => void; isBusy: boolean }

/** Uploads that an earlier page began: a browser may not read the files again by itself, so they are chosen once more. */
function OpenUploads({ dataset, goOn, isBusy }: OpenProps) {
  const { t } = useLingui()
  const format = useFormat()
  const open = useOpenUploads()
  const forget = useForgetUpload()
  const mine = open.items.filter((each) => each.dataset_id === dataset.id && each.import_id === null)
  if (!mine.length || isBusy) return null
  return (
    <Panel>
      <Stack gap="sm" component="section" aria-label={t`Uploads that stopped`}>
        {mine.map((each) => (
          <Group key={each.id} justify="space-between" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={550} truncate>
                {each.name}
              </Text>
              <Text size="xs" className="quiet">
                {t`${format.bytes(each.n_received)} of ${format.bytes(each.n_bytes)} have arrived.`}{' '}
                <Trans>
                  Choose the same files again to go on. Begun <Ago at={each.created_at} />.
                </Trans>
              </Text>
            </div>
            <Group gap={4}>
              <Button size="compact-xs" onClick={() => chooseSame(each, (picked) => goOn(picked, each))}>
                <Trans>Go on</Trans>
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                loading={forget.isPending}
                onClick={() => forget.mutate(each.id)}
              >
                <Trans>Give up</Trans>
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}

function chooseSame(begun: Upload, take: (picked: Picked[]) => void): void {
  if (begun.n_files > 1) {
    chooseFolder(take)
    return
  }
  const input = document.createElement('input')
  input.type = 'file'
  input.onchange = () => take([...(input.files ?? [])].map((file) => ({ name: file.name, file })))
  input.click()
}

function Imports({ datasetId }: { datasetId: string }) {
  const { t } = useLingui()
  const imports = useImports(datasetId)
  if (!imports.items.length) return null
  return (
    <Panel>
      <Stack gap="sm" component="section" aria-label={t`Imports`}>
        <Text fw={600} size="sm">
          <Trans>Imports</Trans>
        </Text>
        {imports.items.map((each) => (
          <ImportProgress key={each.id} name={each.name} share={1} id={each.id} cause={null} />
        ))}
        {imports.hasNextPage && (
          <Button size="compact-xs" variant="default" w="fit-content" onClick={() => void imports.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        )}
      </Stack>
    </Panel>
  )
}
