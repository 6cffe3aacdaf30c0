import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconPlayerPlay, IconZoomCheck } from '@tabler/icons-react'
import { Link, Outlet, useOutletContext, useParams } from 'react-router'
import { useProject } from '../../api/queries'
import { useMay } from '../../api/session'
import type { Project } from '../../api/types'
import { useTold } from '../../i18n/told'
import { ProblemNote } from '../common/Note'
import { PlaceTabs } from '../common/PlaceTabs'
import { useTitle } from '../common/useTitle'
import { PhaseBadge } from '../projects/PhaseBadge'
import { ProjectMenu } from '../projects/ProjectMenu'

/** The project of the tab that is open. */
export const useThisProject = (): Project => useOutletContext<Project>()

/** One project: its name, where it is, and its tabs. */
export function ProjectLayout() {
  const { t } = useLingui()
  const { projectId = '' } = useParams()
  const project = useProject(projectId)
  useTitle(project.data?.name)
  if (project.isPending) return <Skeleton height={320} />
  if (project.isError) {
    return (
      <ProblemNote
        what={t`This project could not be opened`}
        cause={project.error}
        retry={() => void project.refetch()}
      />
    )
  }
  return (
    <Stack gap="md">
      <Head project={project.data} />
      <ProjectTabs id={projectId} />
      <Outlet context={project.data} />
    </Stack>
  )
}

function Head({ project }: { project: Project }) {
  const told = useTold()
  const mayLabel = useMay('tasks.label')
  const mayReview = useMay('tasks.review')
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={4} style={{ flex: '1 1 320px' }}>
        <Group gap="xs">
          <Title order={1} size="h3">
            {project.name}
          </Title>
          <PhaseBadge project={project} />
        </Group>
        <Text size="sm" className="quiet" aria-live="polite" lineClamp={3}>
          {told(project.phase_sentence, project.phase_said)}
        </Text>
      </Stack>
      <Group gap="xs">
        {mayReview && (
          <Button
            component={Link}
            to={`/review/${project.id}`}
            variant="default"
            leftSection={<IconZoomCheck size={15} />}
          >
            <Trans>Review</Trans>
          </Button>
        )}
        {mayLabel && (
          <Button component={Link} to={`/label/${project.id}`} leftSection={<IconPlayerPlay size={15} />}>
            <Trans>Label</Trans>
          </Button>
        )}
        <ProjectMenu project={project} />
      </Group>
    </Group>
  )
}

function ProjectTabs({ id }: { id: string }) {
  const { t } = useLingui()
  const tabs = [
    { to: '', title: t`Overview` },
    { to: 'data', title: t`Data` },
    { to: 'tasks', title: t`Tasks` },
    { to: 'quality', title: t`Quality` },
    { to: 'deliveries', title: t`Deliveries` },
    { to: 'settings', title: t`Settings` },
  ]
  return (
    <PlaceTabs
      label={t`Parts of the project`}
      places={tabs.map(({ to, title }) => ({ to: `/projects/${id}${to && `/${to}`}`, title }))}
    />
  )
}
