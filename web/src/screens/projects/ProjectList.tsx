import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconFileZip, IconFolderPlus, IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useProjects } from '../../api/queries'
import { useMay } from '../../api/session'
import type { Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { useTold } from '../../i18n/told'
import { Ago } from '../common/Ago'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { PhaseBadge } from './PhaseBadge'
import { ProjectMenu } from './ProjectMenu'

/** All projects, newest first. */
export function ProjectList() {
  const { t } = useLingui()
  useTitle(t`Projects`)
  const projects = useProjects()
  const mayManage = useMay('work.manage')
  const ways = mayManage && (
    <Group gap="xs">
      <Button component={Link} to="/projects/import" variant="default" leftSection={<IconFileZip size={16} />}>
        <Trans>Import a project</Trans>
      </Button>
      <Button component={Link} to="/projects/new" leftSection={<IconPlus size={16} />}>
        <Trans>New project</Trans>
      </Button>
    </Group>
  )
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h3">
          <Trans>Projects</Trans>
        </Title>
        {projects.items.length > 0 && ways}
      </Group>
      {projects.isError && (
        <ProblemNote
          what={t`The projects could not be read`}
          cause={projects.error}
          retry={() => void projects.refetch()}
        />
      )}
      {projects.isPending && <Skeleton height={220} />}
      {projects.isSuccess && projects.items.length === 0 && (
        <Empty icon={<IconFolderPlus size={44} stroke={1.3} />} title={t`No project yet`} action={ways}>
          <Trans>
            A project is a dataset, the classes to choose from, instructions for people, and how small the error must
            be.
          </Trans>
        </Empty>
      )}
      {projects.items.length > 0 && <ProjectTable projects={projects.items} />}
      {projects.hasNextPage && (
        <Button variant="default" loading={projects.isFetchingNextPage} onClick={() => void projects.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Stack>
  )
}

function ProjectTable({ projects }: { projects: Project[] }) {
  const format = useFormat()
  const told = useTold()
  return (
    <Panel p={0}>
      <Table.ScrollContainer minWidth={520}>
        <Table highlightOnHover verticalSpacing="xs" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Project</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>State</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Assets</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Target error</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Made</Trans>
              </Table.Th>
              <Table.Th>
                <span className="visually-hidden">
                  <Trans>More</Trans>
                </span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {projects.map((project) => (
              <Table.Tr key={project.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/projects/${project.id}`} fw={550} c="var(--mantine-color-text)">
                    {project.name}
                  </Anchor>
                  <Text size="xs" className="quiet" lineClamp={1}>
                    {told(project.phase_sentence, project.phase_said)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <PhaseBadge project={project} />
                </Table.Td>
                <Table.Td ta="end">{format.number(project.n_tasks)}</Table.Td>
                <Table.Td ta="end">{format.percent(project.target.error)}</Table.Td>
                <Table.Td>
                  <Ago at={project.created_at} />
                </Table.Td>
                <Table.Td ta="end">
                  <ProjectMenu project={project} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}
