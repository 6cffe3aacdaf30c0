import { Trans, useLingui } from '@lingui/react/macro'
import { Drawer, Group, Progress, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core'
import { useRef } from 'react'
import { useExplanation, useTask } from '../../api/queries'
import type { Project, TaskDetail, TaskEvent } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { editorOf } from '../../modalities'
import type { ZoomSlot } from '../../modalities/kind'
import { Ago } from '../common/Ago'
import { ClassMark } from '../common/ClassMark'
import { ProblemNote } from '../common/Note'
import { useStageNames } from './Flow'

/** One task: the asset, what is believed about it and why, and everything that happened to it. */
export function TaskDrawer({ id, project, close }: { id: string | null; project: Project; close: () => void }) {
  const { t } = useLingui()
  const task = useTask(id)
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      position="right"
      size="md"
      title={task.data?.asset.name ?? t`Task`}
      closeButtonProps={{ 'aria-label': t`Close the panel` }}
    >
      {task.isPending && id && <Skeleton height={300} />}
      {task.isError && (
        <ProblemNote what={t`This task could not be opened`} cause={task.error} retry={() => void task.refetch()} />
      )}
      {task.data && <Detail task={task.data} project={project} />}
    </Drawer>
  )
}

function Detail({ task, project }: { task: TaskDetail; project: Project }) {
  const format = useFormat()
  const stages = useStageNames()
  const zoom: ZoomSlot = useRef(null)
  const { View } = editorOf(project.ontology.kind)
  const { classes } = project.ontology
  const explanation = useExplanation(task.id)
  const beliefs = Object.entries(explanation.data?.posterior ?? {}).sort(([, a], [, b]) => b - a)
  return (
    <Stack>
      <div style={{ position: 'relative', height: 260, border: '1px solid var(--line)', background: 'var(--page)' }}>
        <View asset={task.asset} zoom={zoom} />
      </div>
      <Group gap="xs">
        <ClassMark name={task.label} classes={classes} />
        <Text size="sm" className="quiet">
          {format.percent(task.confidence)} · {stages[task.stage]}
        </Text>
      </Group>
      <div>
        <Title order={3} size="h6">
          <Trans>Why</Trans>
        </Title>
        {explanation.isPending ? <Skeleton height={18} /> : <Text size="sm">{explanation.data?.sentence ?? '–'}</Text>}
      </div>
      <Stack gap={6}>
        {beliefs.slice(0, 6).map(([name, probability]) => (
          <Group key={name} gap="xs" wrap="nowrap">
            <div style={{ width: 120 }}>
              <ClassMark name={name} classes={classes} />
            </div>
            <Progress value={probability * 100} style={{ flex: 1 }} aria-label={name} size="sm" />
            <Text size="xs" w={52} ta="end">
              {format.percent(probability)}
            </Text>
          </Group>
        ))}
      </Stack>
      <div>
        <Title order={3} size="h6" mb="xs">
          <Trans>What happened</Trans>
        </Title>
        <Timeline bulletSize={14} lineWidth={1}>
          {task.history.map((event) => (
            <Happened key={`${event.at}${event.what}${event.by_id}`} event={event} project={project} />
          ))}
        </Timeline>
      </div>
    </Stack>
  )
}

function Happened({ event, project }: { event: TaskEvent; project: Project }) {
  const { t } = useLingui()
  const words: Record<string, string> = {
    submitted: t`answered`,
    reviewed: t`reviewed`,
    checked: t`checked`,
    routed: t`routed`,
  }
  return (
    <Timeline.Item>
      <Group gap={6}>
        <Text size="sm">
          {event.by_name ?? 'Karat'} {words[event.what] ?? event.what}
        </Text>
        {event.label && <ClassMark name={event.label} classes={project.ontology.classes} />}
      </Group>
      <Text size="xs" className="quiet">
        {event.detail} <Ago at={event.at} />
      </Text>
    </Timeline.Item>
  )
}
