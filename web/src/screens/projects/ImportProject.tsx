import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, FileButton, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconFileZip } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import { looksLikeZip, type Sending, useProjectImports, useSendArchive } from '../../api/moving'
import { useMay } from '../../api/session'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import drop from '../data/DropFiles.module.css'
import { ImportRow } from './ImportRow'

/** A project that comes in as an archive: the file, how far it is, what was wrong with it, the project that it became. */
export function ImportProject() {
  const { t } = useLingui()
  useTitle(t`Import a project`)
  const mayManage = useMay('work.manage')
  return (
    <Stack maw={860}>
      <div>
        <Anchor component={Link} to="/projects" size="sm">
          <Trans>All projects</Trans>
        </Anchor>
        <Title order={1} size="h3">
          <Trans>Import a project</Trans>
        </Title>
        <Text size="sm" className="quiet">
          <Trans>
            From the archive of a whole project, which Karat writes under Deliveries. All of it is judged before
            anything is taken: the project appears whole, and paused, or not at all.
          </Trans>
        </Text>
      </div>
      {mayManage ? (
        <>
          <Incoming />
          <Imports />
        </>
      ) : (
        <Text>
          <Trans>Your role does not bring projects in; ask somebody who manages them.</Trans>
        </Text>
      )}
    </Stack>
  )
}

function Incoming() {
  const { t } = useLingui()
  const { sending, send, cancel, forget } = useSendArchive()
  const [isOver, setOver] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  // Else the browser takes the same file, chosen once more, for no change.
  const reset = useRef<() => void>(null)
  const take = async (file: File | null | undefined) => {
    if (!file) return
    reset.current?.()
    forget()
    const isZip = await looksLikeZip(file)
    setRefused(isZip ? null : file.name)
    if (isZip) await send(file)
  }
  const isBusy = sending !== null && !sending.cause
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!isBusy) void take(event.dataTransfer.files[0])
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same */}
      <div
        className={drop.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <IconFileZip size={28} stroke={1.4} aria-hidden />
        <Text size="sm">
          <Trans>Drop the archive here: a .zip that Karat wrote</Trans>
        </Text>
        <FileButton
          accept=".zip,application/zip"
          resetRef={reset}
          onChange={(file) => void take(file)}
          disabled={isBusy}
        >
          {(props) => (
            <Button variant="default" {...props} disabled={isBusy}>
              <Trans>Choose the archive</Trans>
            </Button>
          )}
        </FileButton>
      </div>
      {refused !== null && (
        <ProblemNote
          what={t`“${refused}” is no archive`}
          cause={t`It does not begin as a ZIP file does, so it was not sent.`}
          next={
            <Text size="sm">
              <Trans>Choose the .zip that was downloaded, as it is: not unpacked, not packed once more.</Trans>
            </Text>
          }
        />
      )}
      {sending && <OnItsWay sending={sending} cancel={cancel} />}
    </>
  )
}

function OnItsWay({ sending, cancel }: { sending: Sending; cancel: () => void }) {
  const { t } = useLingui()
  const format = useFormat()
  const { name, share, cause } = sending
  if (cause) return <ProblemNote what={t`“${name}” was not uploaded`} cause={cause} />
  return (
    <Panel>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Group gap="xs">
          <Text size="sm" className="quiet" aria-live="polite">
            <Trans>uploading, {format.percent(share, 0)}</Trans>
          </Text>
          <Button size="compact-xs" variant="default" onClick={cancel}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      </Group>
      <Progress value={share * 100} size="sm" aria-label={t`Upload of ${name}`} />
    </Panel>
  )
}

function Imports() {
  const { t } = useLingui()
  const imports = useProjectImports()
  if (imports.isPending) return <Skeleton height={70} />
  return (
    <Stack component="section" aria-label={t`Imports`} gap="sm">
      {imports.isError && (
        <ProblemNote
          what={t`The imports could not be read`}
          cause={imports.error}
          retry={() => void imports.refetch()}
        />
      )}
      {imports.items.map((each) => (
        <ImportRow key={each.id} coming={each} />
      ))}
      {imports.hasNextPage && (
        <Group>
          <Button variant="default" loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </Group>
      )}
    </Stack>
  )
}
