import { Trans, useLingui } from '@lingui/react/macro'
import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Picked } from '../../api/picked'
import { useCreateDataset } from '../../api/queries'
import type { Modality } from '../../api/types'
import { Uploading } from '../../api/uploading'
import { ProblemNote } from '../common/Note'
import { DropFiles } from '../data/DropFiles'
import { ImportBucket } from '../data/ImportBucket'
import { UploadPanel } from '../data/UploadPanel'
import { ImportProgress } from './ImportProgress'

/** A new dataset out of files, folders or a bucket; each is read as soon as it is there. */
export function UploadData({ onDataset }: { onDataset: (id: string) => void }) {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [modality, setModality] = useState<Modality>('image')
  const [dataset, setDataset] = useState<string | null>(null)
  const [uploads, setUploads] = useState<Uploading[]>([])
  const [imports, setImports] = useState<{ id: string; name: string }[]>([])
  const [isBucket, setBucket] = useState(false)
  const create = useCreateDataset()

  const home = async (proposed: string): Promise<string> => {
    if (dataset) return dataset
    const title = name.trim() || proposed
    setName(title)
    const { id } = await create.mutateAsync({ name: title, modality })
    setDataset(id)
    onDataset(id)
    return id
  }
  const send = async (picked: Picked[]) => {
    const [first] = picked
    if (!first) return
    const title = nameOf(picked, first)
    const id = await home(title.replace(/\.[^.]+$/, '')).catch(() => null)
    if (!id) return // shown from `create.error` below
    const uploading = new Uploading(id, title, picked)
    setUploads((all) => [...all, uploading])
    void uploading.go()
  }
  const tell = () => dataset && onDataset(dataset)

  return (
    <Stack>
      <Group align="flex-end">
        <TextInput
          label={t`Name of the dataset`}
          placeholder={t`as the file`}
          value={name}
          maxLength={200}
          disabled={dataset !== null}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          style={{ flex: '1 1 220px' }}
        />
        <SegmentedControl
          aria-label={t`What it holds`}
          value={modality}
          disabled={dataset !== null}
          onChange={(value) => setModality(value as Modality)}
          data={[
            { value: 'image', label: t`Images` },
            { value: 'text', label: t`Texts` },
          ]}
        />
      </Group>
      <DropFiles modality={modality} busy={create.isPending} take={(picked) => void send(picked)} />
      <details onToggle={({ currentTarget }) => setBucket(currentTarget.open)}>
        <summary style={{ cursor: 'pointer' }}>
          <Trans>From a bucket instead</Trans>
        </summary>
        {isBucket && (
          <ImportBucket
            dataset={() => home(t`From a bucket`)}
            onImport={(each) => setImports((all) => [...all, each])}
          />
        )}
      </details>
      {create.isError && <ProblemNote what={t`The dataset was not made`} cause={create.error} />}
      {uploads.map((uploading, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: uploads are only ever appended
        <UploadPanel key={at} uploading={uploading} onBegun={tell} onDone={tell} />
      ))}
      {imports.map((each) => (
        <ImportProgress key={each.id} name={each.name} share={1} id={each.id} cause={null} onDone={tell} />
      ))}
    </Stack>
  )
}

/** One file keeps its name; a folder's upload is called after its first file and how many there are. */
export const nameOf = (picked: Picked[], first: Picked): string =>
  picked.length === 1 ? first.name : `${first.file.webkitRelativePath.split('/')[0] || first.name} (${picked.length})`
