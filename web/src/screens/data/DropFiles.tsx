import { Trans, useLingui } from '@lingui/react/macro'
import { Button, FileButton, Group, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { chooseFolder, type Picked, pickedFiles, pickedFrom } from '../../api/picked'
import type { Modality } from '../../api/types'
import styles from './DropFiles.module.css'

type Props = { modality: Modality; take: (picked: Picked[]) => void; busy?: boolean }

/** Where files and folders are dropped or chosen. */
export function DropFiles({ modality, take, busy = false }: Props) {
  const { t } = useLingui()
  const [isOver, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void pickedFrom(event.dataTransfer).then(take)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the buttons inside do the same
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
          <Trans>Drop images or a folder, a ZIP, or a list: CSV, JSON, JSONL, Parquet, addresses in a .txt</Trans>
        ) : (
          <Trans>Drop a table with a column “text” (CSV, JSON, JSONL, Parquet), a ZIP, text files or a folder</Trans>
        )}
      </Text>
      <Group gap="xs" justify="center">
        <FileButton multiple onChange={(files) => take(pickedFiles(files))}>
          {(props) => (
            <Button variant="default" {...props} loading={busy}>
              <Trans>Choose files</Trans>
            </Button>
          )}
        </FileButton>
        <Button variant="default" disabled={busy} onClick={() => chooseFolder(take)} aria-label={t`Choose a folder`}>
          <Trans>Choose a folder</Trans>
        </Button>
      </Group>
      <Text size="xs" className="quiet">
        <Trans>Files stay on this server. Broken ones are listed, good ones are kept.</Trans>
      </Text>
    </div>
  )
}
