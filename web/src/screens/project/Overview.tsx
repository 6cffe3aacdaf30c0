import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { Link, useNavigate } from 'react-router'
import { useOverview } from '../../api/queries'
import type { Overview as OverviewRecord, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { useTold } from '../../i18n/told'
import { BeliefsPlot, CostPlot, ErrorPlot, ReliabilityPlot } from '../../plots/ProjectPlots'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { BudgetPanel } from './BudgetPanel'
import { Figures } from './Figures'
import { Flow } from './Flow'
import { Jobs } from './Jobs'
import { People } from './People'
import { Learnt } from './PilotFigures'
import { PilotPanel } from './PilotPanel'
import { useThisProject } from './ProjectLayout'

/** The answer for the engineer and the lead: how far, how good, at what price, what needs a decision. Live. */
export function Overview() {
  const { t } = useLingui()
  const project = useThisProject()
  const overview = useOverview(project.id)
  if (overview.isError && !overview.data) {
    return (
      <ProblemNote
        what={t`The numbers of this project could not be read`}
        cause={overview.error}
        retry={() => void overview.refetch()}
      />
    )
  }
  if (!overview.data) return <OverviewSkeleton />
  return <Loaded project={project} overview={overview.data} live={overview.live} />
}

function Loaded({ project, overview, live }: { project: Project; overview: OverviewRecord; live: boolean }) {
  const navigate = useNavigate()
  const tasks = `/projects/${project.id}/tasks`
  return (
    <Stack gap="md">
      {project.pilot && project.pilot.state !== 'started' && (
        <PilotPanel project={project} pilot={project.pilot} overview={overview} />
      )}
      <Figures project={project} overview={overview} />
      {overview.budget && <BudgetPanel project={project} budget={overview.budget} />}
      <Panel>
        <Flow projectId={project.id} stages={overview.stages} />
        <Activity overview={overview} live={live} isRouted={project.target.overlap === null} />
      </Panel>
      {overview.needs.length > 0 && <Needs project={project} needs={overview.needs} />}
      <Jobs projectId={project.id} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Panel>
          <ErrorPlot series={overview.series} target={project.target.error} />
        </Panel>
        <Panel>
          <CostPlot answers={overview.answers} />
        </Panel>
        <Panel>
          <BeliefsPlot
            beliefs={overview.beliefs}
            onMark={({ from, to }) =>
              void navigate(`${tasks}?min_confidence=${Number(from)}&max_confidence=${Number(to)}`)
            }
          />
        </Panel>
        <Panel>
          <ReliabilityPlot points={overview.reliability} />
        </Panel>
      </SimpleGrid>
      <People people={overview.people} isSimulated={project.simulated} />
      {project.pilot?.state === 'started' && project.pilot.learnt && (
        <Panel p={0}>
          <details>
            <summary style={{ cursor: 'pointer', padding: 16, fontWeight: 600 }}>
              <Trans>What the pilot has shown</Trans>
            </summary>
            <Learnt project={project} learnt={project.pilot.learnt} />
          </details>
        </Panel>
      )}
    </Stack>
  )
}

function Activity({ overview, live, isRouted }: { overview: OverviewRecord; live: boolean; isRouted: boolean }) {
  const format = useFormat()
  const { model, activity } = overview
  const rate = format.number(activity.answers_last_minute)
  return (
    <Group gap="lg" mt="sm">
      <Text size="xs" className="quiet">
        <Trans>{rate} answers in the last minute</Trans>
      </Text>
      {model && (
        <Text size="xs" className="quiet">
          <Trans>
            model {model.version}, learnt from {format.number(model.n_trained_on)} assets, agrees with people on{' '}
            {format.percent(model.accuracy)}
          </Trans>
          {isRouted && (
            <>
              {' '}
              <Trans>of what they were asked, mostly hard assets</Trans>
            </>
          )}
        </Text>
      )}
      <Text size="xs" className="quiet">
        {live ? <Trans>live</Trans> : <Trans>refreshed every 5 seconds: the live connection is down</Trans>}
      </Text>
    </Group>
  )
}

function Needs({ project, needs }: { project: Project; needs: OverviewRecord['needs'] }) {
  const { t } = useLingui()
  const told = useTold()
  const targets: Record<string, string> = {
    review: `/review/${project.id}`,
    check: `/label/${project.id}?purpose=check`,
    import: `/projects/${project.id}/data`,
    budget: `/projects/${project.id}/settings#target`,
    people: '/people?part=invitations',
  }
  const steps: Record<string, string> = {
    budget: t`Raise it, or take the labels as they are.`,
    pilot: t`Look at what it has shown, above.`,
  }
  return (
    <Panel>
      <Text fw={600} size="sm" mb={4}>
        <Trans>What needs a decision</Trans>
      </Text>
      <Stack gap={4}>
        {needs.map(({ code, sentence: english, said }) => {
          const sentence = told(english, said)
          const to = Object.entries(targets).find(([start]) => code.startsWith(start))?.[1]
          return (
            <Text key={code} size="sm">
              {to ? (
                <Anchor component={Link} to={to} size="sm" underline="always">
                  {sentence}
                </Anchor>
              ) : (
                sentence
              )}{' '}
              {steps[code]}
            </Text>
          )
        })}
      </Stack>
    </Panel>
  )
}

function OverviewSkeleton() {
  return (
    <Stack aria-hidden>
      <Skeleton height={96} />
      <Skeleton height={110} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={260} />
        <Skeleton height={260} />
      </SimpleGrid>
    </Stack>
  )
}
