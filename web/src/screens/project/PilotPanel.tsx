import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { IconPencil, IconPlayerPlay } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useStartProject } from '../../api/projects'
import { useMay } from '../../api/session'
import type { Overview, Pilot, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Learnt } from './PilotFigures'

/** The pilot while it runs, and what it has shown when it is done: then the lead decides. */
export function PilotPanel({ project, pilot, overview }: { project: Project; pilot: Pilot; overview: Overview }) {
  const { t } = useLingui()
  const mayManage = useMay('work.manage')
  const start = useStartProject(project.id)
  const isDone = pilot.state === 'done'
  return (
    <Panel p={0}>
      <Stack gap="sm" p="md" id="pilot" component="section" aria-label={t`Pilot`}>
        <Group justify="space-between" align="flex-start">
          <div style={{ flex: '1 1 280px' }}>
            <Title order={2} size="h5">
              {isDone ? <Trans>What the pilot has shown</Trans> : <Trans>The pilot comes first</Trans>}
            </Title>
            <Text size="sm" className="quiet">
              {isDone ? (
                <Trans>Nobody is asked until you decide. Its answers count like all others.</Trans>
              ) : (
                <Trans>A few tasks, drawn at random, are labelled; the rest waits until you have seen them.</Trans>
              )}
            </Text>
          </div>
          {mayManage && (
            <Group gap="xs">
              <Button
                component={Link}
                to={`/projects/${project.id}/settings#instructions`}
                variant="default"
                leftSection={<IconPencil size={15} />}
              >
                <Trans>Edit instructions</Trans>
              </Button>
              <Button
                variant={isDone ? 'filled' : 'default'}
                leftSection={<IconPlayerPlay size={15} />}
                loading={start.isPending}
                onClick={() => start.mutate(undefined)}
              >
                {isDone ? <Trans>Start production</Trans> : <Trans>Start production now</Trans>}
              </Button>
            </Group>
          )}
        </Group>
        {start.isError && <ProblemNote what={t`The project was not started`} cause={start.error} />}
        {!isDone && <Running pilot={pilot} given={overview.answers.people} waiting={overview.stages.people} />}
      </Stack>
      {isDone && pilot.learnt && <Learnt project={project} learnt={pilot.learnt} />}
    </Panel>
  )
}

function Running({ pilot, given, waiting }: { pilot: Pilot; given: number; waiting: number }) {
  const { t } = useLingui()
  const format = useFormat()
  if (pilot.state === 'waiting') {
    return (
      <Text size="sm">
        <Trans>Its tasks are being made.</Trans>
      </Text>
    )
  }
  const planned = pilot.n_tasks * pilot.overlap
  const [done, all] = [format.number(given), format.number(planned)]
  return (
    <div>
      <Text size="sm" mb={4}>
        <Trans>
          {done} of about {all} answers
        </Trans>
        {' · '}
        <Plural value={waiting} one="# task waits for people" other="# tasks wait for people" />
        {' · '}
        <Plural value={pilot.overlap} one="# person for each" other="# people for each" />
      </Text>
      <Progress
        value={Math.min(100, (100 * given) / Math.max(1, planned))}
        size="sm"
        aria-label={t`Answers of the pilot`}
      />
    </div>
  )
}
