import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, List, Progress, Radio, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { isMoving } from '../../api/following'
import { useExport, useExports, useFormats, useStartExport } from '../../api/queries'
import { useMay } from '../../api/session'
import type { Export, Format } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Archives } from './Archives'
import { useThisProject } from './ProjectLayout'

/** Taking the labels away, in which form and what that form cannot say; and the whole project as a file. */
export function Deliveries() {
  const { t } = useLingui()
  const project = useThisProject()
  const formats = useFormats()
  const exports = useExports(project.id)
  const start = useStartExport(project.id)
  const [chosen, setChosen] = useState<string | null>(null)
  const mayManage = useMay('work.manage')
  const isForArchives = useSearchParams()[0].get('part') === 'archives'
  const archives = useRef<HTMLDivElement>(null)
  const isThere = exports.isSuccess && formats.isSuccess
  useEffect(() => {
    if (isForArchives && isThere) archives.current?.scrollIntoView({ block: 'start' })
  }, [isForArchives, isThere])
  const list = formats.data?.items ?? []
  const format = chosen ?? list[0]?.name ?? ''
  return (
    <Stack>
      <Panel>
        <Stack>
          <div>
            <Title order={2} size="h5">
              <Trans>Export the labels</Trans>
            </Title>
            <Text size="sm" className="quiet">
              <Trans>A snapshot of every label as it is now, with where it came from and how sure it is.</Trans>
            </Text>
          </div>
          {formats.isPending && <Skeleton height={80} />}
          {formats.isError && (
            <ProblemNote
              what={t`The formats could not be read`}
              cause={formats.error}
              retry={() => void formats.refetch()}
            />
          )}
          <Radio.Group label={t`Format`} value={format} onChange={setChosen}>
            <Stack gap="xs" mt={4}>
              {list.map((each) => (
                <FormatChoice key={each.name} format={each} />
              ))}
            </Stack>
          </Radio.Group>
          {start.isError && <ProblemNote what={t`The export did not start`} cause={start.error} />}
          <Group>
            <Button disabled={!format} loading={start.isPending} onClick={() => start.mutate(format)}>
              <Trans>Export</Trans>
            </Button>
          </Group>
        </Stack>
      </Panel>
      {exports.isError && (
        <ProblemNote
          what={t`The exports could not be read`}
          cause={exports.error}
          retry={() => void exports.refetch()}
        />
      )}
      {exports.items.map((each) => (
        <ExportRow
          key={each.id}
          export_={each}
          title={list.find(({ name }) => name === each.format)?.title ?? each.format}
        />
      ))}
      {mayManage && (
        <Stack ref={archives}>
          <Archives project={project} />
        </Stack>
      )}
    </Stack>
  )
}

function FormatChoice({ format }: { format: Format }) {
  const { t } = useLingui()
  const missing = format.cannot_express.join(', ')
  return (
    <Radio
      value={format.name}
      label={`${format.title} (${format.suffix})`}
      description={format.lossless ? t`Keeps everything.` : t`Cannot say: ${missing}.`}
    />
  )
}

function ExportRow({ export_, title }: { export_: Export; title: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const fresh = useExport(isMoving(export_) ? export_.id : null).data ?? export_
  return (
    <Panel>
      <Group justify="space-between" align="flex-start">
        <Stack gap={2} style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text size="sm" fw={550}>
            {title}
          </Text>
          <Text size="xs" className="quiet">
            <Ago at={fresh.created_at} />
            {fresh.n_labels !== null && (
              <>
                {' · '}
                <Plural value={fresh.n_labels} one="# label" other="# labels" /> · {format.bytes(fresh.n_bytes)}
              </>
            )}
          </Text>
          {fresh.sha256 && (
            <Text size="xs" className="quiet" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              sha256 {fresh.sha256}
            </Text>
          )}
          {fresh.cannot_express.length > 0 && (
            <List size="xs" className="quiet">
              {fresh.cannot_express.map((what) => (
                <List.Item key={what}>
                  <Trans>left out: {what}</Trans>
                </List.Item>
              ))}
            </List>
          )}
          {fresh.error && (
            <Text size="sm" c="var(--bad)">
              {fresh.error}
            </Text>
          )}
        </Stack>
        {fresh.state === 'done' && (
          <Button
            component="a"
            href={`/api/exports/${fresh.id}/file`}
            download
            variant="default"
            leftSection={<IconDownload size={15} />}
          >
            <Trans>Download</Trans>
          </Button>
        )}
        {fresh.state === 'failed' && (
          <Text size="sm" c="var(--bad)">
            <Trans>failed: start it again</Trans>
          </Text>
        )}
      </Group>
      {['queued', 'running'].includes(fresh.state) && (
        <Progress mt="xs" value={100} animated size="sm" aria-label={t`Exporting`} />
      )}
    </Panel>
  )
}
