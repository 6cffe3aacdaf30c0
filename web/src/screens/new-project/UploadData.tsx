import { Trans, useLingui } from '@lingui/react/macro'
import { Button, FileButton, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { upload } from '../../api/client'
import { useCreateDataset } from '../../api/queries'
import type { Import, Modality } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { ImportProgress } from './ImportProgress'
import styles from './UploadData.module.css'

type Sending = { name: string; share: number; id: string | null; cause: unknown }

/** A new dataset out of files: they go up one after the other, and each is read as soon as it is there. */
export function UploadData({ onDataset }: { onDataset: (id: string) => void }) {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [modality, setModality] = useState<Modality>('image')
  const [dataset, setDataset] = useState<string | null>(null)
  const [sendings, setSendings] = useState<Sending[]>([])
  const [isOver, setOver] = useState(false)
  const create = useCreateDataset()

  const change = (at: number, part: Partial<Sending>) =>
    setSendings((all) => all.map((each, place) => (place === at ? { ...each, ...part } : each)))

  const send = async (files: File[]) => {
    const [first] = files
    if (!first) return
    const title = name.trim() || first.name.replace(/\.[^.]+$/, '')
    setName(title)
    try {
      const id = dataset ?? (await create.mutateAsync({ name: title, modality })).id
      setDataset(id)
      const start = sendings.length
      setSendings((all) => [...all, ...files.map((file) => ({ name: file.name, share: 0, id: null, cause: null }))])
      for (const [place, file] of files.entries()) await sendOne(id, file, start + place)
      onDataset(id)
    } catch {
      // Shown from `create.error` below.
    }
  }

  const sendOne = async (id: string, file: File, at: number) => {
    const path = `/datasets/${id}/imports?filename=${encodeURIComponent(file.name)}`
    try {
      const begun = await upload<Import>(path, file, (share) => change(at, { share }))
      change(at, { share: 1, id: begun.id })
      onDataset(id)
    } catch (cause) {
      change(at, { cause })
    }
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void send([...event.dataTransfer.files])
  }

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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same */}
      <div
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconUpload size={28} stroke={1.4} aria-hidden />
        <Text size="sm">
          {modality === 'image' ? (
            <Trans>A ZIP of images, single images, or a CSV</Trans>
          ) : (
            <Trans>A CSV with a column “text”, a ZIP of text files, or single ones</Trans>
          )}
        </Text>
        <FileButton multiple onChange={(files) => void send(files)}>
          {(props) => (
            <Button variant="default" {...props} loading={create.isPending}>
              <Trans>Choose files</Trans>
            </Button>
          )}
        </FileButton>
        <Text size="xs" className="quiet">
          <Trans>Files stay on this server. Broken ones are listed, good ones are kept.</Trans>
        </Text>
      </div>
      {create.isError && <ProblemNote what={t`The dataset was not made`} cause={create.error} />}
      {sendings.map((sending, at) => (
        <ImportProgress
          // biome-ignore lint/suspicious/noArrayIndexKey: uploads are only ever appended
          key={at}
          {...sending}
          onDone={() => dataset && onDataset(dataset)}
        />
      ))}
    </Stack>
  )
}
