import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { isMoving } from '../../api/following'
import { useRetryJob } from '../../api/jobs'
import { useArchive } from '../../api/moving'
import type { ArchiveContents, ProjectArchive } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { Panel } from '../common/Panel'
import { JobLine } from '../projects/JobLine'

/** One archive: how far it is; then what is in it, how large it is, and the file. */
export function ArchiveRow({ archive }: { archive: ProjectArchive }) {
  const { t } = useLingui()
  const format = useFormat()
  const retry = useRetryJob()
  const followed = useArchive(isMoving(archive) || retry.isSuccess ? archive.id : null)
  const now = followed.data ?? archive
  const title = now.media === 'included' ? t`Archive with its assets` : t`Archive without its assets`
  return (
    <Panel data-archive={now.state}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={2} style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text size="sm" fw={550}>
            {title}
          </Text>
          <Text size="xs" className="quiet">
            <Ago at={now.created_at} />
            {now.n_bytes !== null && ` · ${format.bytes(now.n_bytes)}`}
          </Text>
          {now.contents && <Contents contents={now.contents} />}
          {now.sha256 && (
            <Text size="xs" className="quiet" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              sha256 {now.sha256}
            </Text>
          )}
          {now.error && (
            <Text size="sm" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
              {now.error}
            </Text>
          )}
          {now.state === 'cancelled' && (
            <Text size="sm" className="quiet">
              <Trans>cancelled; nothing of it is kept</Trans>
            </Text>
          )}
          {retry.isError && (
            <Text size="sm" c="var(--bad)" role="alert">
              {retry.error.message}
            </Text>
          )}
        </Stack>
        {now.state === 'done' && (
          <Button
            component="a"
            href={`/api/archives/${now.id}/file`}
            download
            variant="default"
            leftSection={<IconDownload size={15} />}
          >
            <Trans>Download</Trans>
          </Button>
        )}
        {(now.state === 'failed' || now.state === 'cancelled') && now.job_id && (
          <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate(now.job_id as string)}>
            <Trans>Try again</Trans>
          </Button>
        )}
      </Group>
      {isMoving(now) && <JobLine id={now.job_id} what={title} />}
    </Panel>
  )
}

function Contents({ contents }: { contents: ArchiveContents }) {
  const format = useFormat()
  const { n_assets, n_answers, n_reviews, n_labels, n_people, n_certificates, media_bytes } = contents
  const size = format.bytes(media_bytes)
  return (
    <Text size="xs" className="quiet">
      <Plural value={n_assets} one="# asset" other="# assets" />
      {contents.n_media > 0 && ` (${size})`}
      {' · '}
      <Plural value={n_answers} one="# answer" other="# answers" />
      {' · '}
      <Plural value={n_reviews} one="# review" other="# reviews" />
      {' · '}
      <Plural value={n_labels} one="# label" other="# labels" />
      {' · '}
      <Plural value={n_people} one="# person" other="# people" />
      {' · '}
      <Plural value={n_certificates} one="# certificate" other="# certificates" />
    </Text>
  )
}
