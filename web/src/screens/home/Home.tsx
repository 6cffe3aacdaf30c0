import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconDiamond, IconPlayerPlay } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useProjects } from '../../api/queries'
import { useMay, useSession } from '../../api/session'
import type { Project } from '../../api/types'
import { useTold } from '../../i18n/told'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { PhaseBadge } from '../projects/PhaseBadge'
import { lastLabelled } from '../workspace/lastLabelled'

/** The first question of each role, answered without a click: what needs me? */
export function Home() {
  const { t } = useLingui()
  useTitle(t`Home`)
  const name = useSession().data?.user.name ?? ''
  const projects = useProjects()
  const mayManage = useMay('work.manage')
  return (
    <Stack gap="lg">
      <Title order={1} size="h3">
        {mayManage ? t`Hello ${name}: what needs you` : t`Hello ${name}: your work`}
      </Title>
      {projects.isPending && <HomeSkeleton />}
      {projects.isError && (
        <ProblemNote
          what={t`Your projects could not be read`}
          cause={projects.error}
          retry={() => void projects.refetch()}
        />
      )}
      {projects.isSuccess && projects.items.length === 0 && <FirstSteps mayManage={mayManage} />}
      {projects.items.length > 0 && <Cards projects={projects.items} />}
    </Stack>
  )
}

function Cards({ projects }: { projects: Project[] }) {
  const last = lastLabelled()
  const urgency = (project: Project) =>
    Number(project.id === last) * 4 +
    Number(project.phase === 'review_needed') * 2 +
    Number(project.state === 'running')
  const ordered = [...projects].sort((a, b) => urgency(b) - urgency(a))
  return (
    <Stack gap="sm">
      {ordered.map((project) => (
        <Card key={project.id} project={project} isLast={project.id === last} />
      ))}
      <Anchor component={Link} to="/projects" size="sm">
        <Trans>All projects</Trans>
      </Anchor>
    </Stack>
  )
}

function Card({ project, isLast }: { project: Project; isLast: boolean }) {
  const { t } = useLingui()
  const told = useTold()
  const mayLabel = useMay('tasks.label')
  const mayReview = useMay('tasks.review')
  const maySee = useMay('work.see')
  const isOpen = project.state === 'running' && project.phase !== 'certified'
  return (
    <Panel>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} style={{ flex: '1 1 320px' }}>
          <Group gap="xs">
            {maySee ? (
              <Anchor component={Link} to={`/projects/${project.id}`} fw={600} c="var(--mantine-color-text)">
                {project.name}
              </Anchor>
            ) : (
              <Text fw={600}>{project.name}</Text>
            )}
            <PhaseBadge project={project} />
          </Group>
          <Text size="sm" className="quiet">
            {told(project.phase_sentence, project.phase_said)}
          </Text>
        </Stack>
        <Group gap="xs">
          {mayReview && project.phase === 'review_needed' && (
            <Button component={Link} to={`/review/${project.id}`}>
              <Trans>Review</Trans>
            </Button>
          )}
          {mayLabel && isOpen && (
            <Button
              component={Link}
              to={`/label/${project.id}`}
              variant={isLast || !maySee ? 'filled' : 'default'}
              leftSection={<IconPlayerPlay size={15} />}
              aria-label={isLast ? t`Continue labelling ${project.name}` : t`Label ${project.name}`}
            >
              {isLast ? <Trans>Continue</Trans> : <Trans>Label</Trans>}
            </Button>
          )}
        </Group>
      </Group>
    </Panel>
  )
}

function FirstSteps({ mayManage }: { mayManage: boolean }) {
  const { t } = useLingui()
  if (!mayManage) {
    return (
      <Empty icon={<IconDiamond size={44} stroke={1.3} />} title={t`No work for you yet`}>
        <Trans>As soon as a project is open to you, it appears here with a button to begin.</Trans>
      </Empty>
    )
  }
  return (
    <Empty
      icon={<IconDiamond size={44} stroke={1.3} />}
      title={t`Raw data in, certified labels out`}
      action={
        <Button component={Link} to="/projects/new">
          <Trans>Make the first project</Trans>
        </Button>
      }
    >
      <Trans>
        Bring a ZIP of images or a CSV of texts, name the classes, say how small the error must be. Karat asks people as
        little as it can and proves the result with a random check.
      </Trans>
    </Empty>
  )
}

function HomeSkeleton() {
  return (
    <Stack gap="sm" aria-hidden>
      <Skeleton height={84} />
      <Skeleton height={84} />
      <Skeleton height={84} />
    </Stack>
  )
}
