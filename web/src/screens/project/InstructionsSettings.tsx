import { Trans, useLingui } from '@lingui/react/macro'
import { Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useInstructions } from '../../api/projects'
import type { Project } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { InstructionsDraft, InstructionsRead } from './InstructionsDraft'

type Props = { project: Project; mayManage: boolean }

/** The instructions that hold now, to be written on, and every version that people have seen before. */
export function InstructionsSettings({ project, mayManage }: Props) {
  const { t } = useLingui()
  const newest = project.instructions.version
  const [wanted, setWanted] = useState<number | null>(null)
  const shown = wanted ?? newest
  const version = useInstructions(project.id, shown)
  const latest = useLatest(useInstructions(project.id, newest).data)
  const versions = Array.from({ length: newest }, (_, at) => newest - at).map((number) => ({
    value: String(number),
    label: number === newest ? t`Version ${number}, which holds now` : t`Version ${number}`,
  }))
  return (
    <Panel>
      <Stack>
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={2} size="h5">
              <Trans>Instructions</Trans>
            </Title>
            <Text size="sm" className="quiet">
              <Trans>A change makes a new version; every answer keeps the version that its author saw.</Trans>
            </Text>
          </div>
          <Select
            aria-label={t`Version of the instructions`}
            allowDeselect={false}
            w={240}
            data={versions}
            value={String(shown)}
            onChange={(number) => setWanted(Number(number) === newest ? null : Number(number))}
          />
        </Group>
        {version.isPending && !(mayManage && latest && shown === newest) && <Skeleton height={220} />}
        {version.isError && (
          <ProblemNote
            what={t`The instructions could not be read`}
            cause={version.error}
            retry={() => void version.refetch()}
          />
        )}
        {mayManage && latest && (
          // What is being written stays while an older version is read.
          <div hidden={shown !== newest}>
            <InstructionsDraft project={project} newest={latest} />
          </div>
        )}
        {version.data && !(mayManage && shown === newest) && (
          <InstructionsRead project={project} version={version.data} />
        )}
      </Stack>
    </Panel>
  )
}

/** What is known last, while what is newer is still on its way. */
function useLatest<T>(now: T | undefined): T | undefined {
  const [latest, setLatest] = useState(now)
  if (now !== undefined && now !== latest) setLatest(now)
  return now ?? latest
}
