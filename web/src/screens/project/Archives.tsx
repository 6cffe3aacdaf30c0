import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, List, Radio, Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { useArchives, useStartArchive } from '../../api/moving'
import { useDataset } from '../../api/queries'
import type { ArchiveMedia, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { ArchiveRow } from './ArchiveRow'

/** The whole project as a file: to keep, to hand over, or to go on with on another server. */
export function Archives({ project }: { project: Project }) {
  const { t } = useLingui()
  const archives = useArchives(project.id)
  const start = useStartArchive(project.id)
  const [media, setMedia] = useState<ArchiveMedia>('included')
  return (
    <>
      <Section
        title={t`Move or keep the whole project`}
        about={t`One file with the data, every version of ontology and instructions, tasks, answers, reviews, labels, and certificates that stay valid.`}
      >
        <MediaChoice project={project} media={media} choose={setMedia} />
        <LeftOut />
        {start.isError && <ProblemNote what={t`The archive was not begun`} cause={start.error} />}
        <Group>
          <Button loading={start.isPending} onClick={() => start.mutate(media)}>
            <Trans>Make an archive</Trans>
          </Button>
          <Text size="sm" className="quiet">
            <Trans>
              It is brought in again under{' '}
              <Anchor component={Link} to="/projects/import" size="sm" underline="always">
                Projects, Import a project
              </Anchor>
              , here or elsewhere.
            </Trans>
          </Text>
        </Group>
      </Section>
      {archives.isPending && <Skeleton height={70} />}
      {archives.isError && (
        <ProblemNote
          what={t`The archives could not be read`}
          cause={archives.error}
          retry={() => void archives.refetch()}
        />
      )}
      {archives.items.map((each) => (
        <ArchiveRow key={each.id} archive={each} />
      ))}
      {archives.hasNextPage && (
        <Group>
          <Button variant="default" loading={archives.isFetchingNextPage} onClick={() => void archives.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </Group>
      )}
    </>
  )
}

type ChoiceProps = { project: Project; media: ArchiveMedia; choose: (media: ArchiveMedia) => void }

function MediaChoice({ project, media, choose }: ChoiceProps) {
  const { t } = useLingui()
  const format = useFormat()
  const dataset = useDataset(project.dataset_id).data
  const size = dataset ? format.bytes(dataset.n_bytes) : '…'
  return (
    <Radio.Group label={t`The assets themselves`} value={media} onChange={(value) => choose(value as ArchiveMedia)}>
      <Stack gap="xs" mt={4}>
        <Radio
          value="included"
          label={t`are in the archive`}
          description={t`It can be brought in anywhere. About ${size} more.`}
        />
        <Radio
          value="referenced"
          label={t`are only named, by their hashes`}
          description={t`Small. Where it is brought in, the organisation must have the same files already.`}
        />
      </Stack>
    </Radio.Group>
  )
}

function LeftOut() {
  const { t } = useLingui()
  const left = [
    t`work that somebody holds and has not handed in`,
    t`other projects on the same data`,
    t`members’ addresses, keys and passwords: who answered is there by name only`,
    t`files, addresses and secrets of models: what they said is there`,
  ]
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: 'var(--mantine-font-size-sm)' }}>
        <Trans>What is not in it</Trans>
      </summary>
      <List size="sm" className="quiet" mt={4}>
        {left.map((what) => (
          <List.Item key={what}>{what}</List.Item>
        ))}
      </List>
    </details>
  )
}
