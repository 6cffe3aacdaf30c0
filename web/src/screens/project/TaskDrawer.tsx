import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Drawer, Group, Progress, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core'
import { useRef } from 'react'
import { useExplanation, useTask } from '../../api/queries'
import type { Project, TaskDetail, TaskEvent } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { useTold } from '../../i18n/told'
import { editorOf } from '../../modalities'
import type { AssetView, ZoomSlot } from '../../modalities/kind'
import { Ago } from '../common/Ago'
import { ClassMark } from '../common/ClassMark'
import { ProblemNote } from '../common/Note'
import { useStageNames } from './Flow'
import { TaskObjects } from './TaskObjects'
import { useWhatHappened } from './whatHappened'

/** One task: the asset, what is believed about it and why, and everything that happened to it. */
export function TaskDrawer({ id, project, close }: { id: string | null; project: Project; close: () => void }) {
  const { t } = useLingui()
  const task = useTask(id)
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      position="right"
      size="lg"
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
  const editor = editorOf(project.ontology.kind)
  return (
    <Stack>
      {editor.answers === 'objects' ? (
        <TaskObjects task={task} project={project} editor={editor} />
      ) : (
        <Shown View={editor.View} task={task} />
      )}
      <Believed task={task} project={project} />
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

function Shown({ View, task }: { View: AssetView; task: TaskDetail }) {
  const zoom: ZoomSlot = useRef(null)
  return (
    <div style={{ position: 'relative', height: 260, border: '1px solid var(--line)', background: 'var(--page)' }}>
      <View asset={task.asset} zoom={zoom} />
    </div>
  )
}

function Believed({ task, project }: { task: TaskDetail; project: Project }) {
  const format = useFormat()
  const told = useTold()
  const stages = useStageNames()
  const { classes } = project.ontology
  const explanation = useExplanation(task.id)
  const why = explanation.data
  const beliefs = Object.entries(why?.posterior ?? {}).sort(([, a], [, b]) => b - a)
  const isOfObjects = editorOf(project.ontology.kind).answers === 'objects'
  return (
    <>
      <Group gap="xs">
        {!isOfObjects && <ClassMark name={task.label} classes={classes} />}
        <Text size="sm" className="quiet">
          {task.confidence !== null && `${format.percent(task.confidence)} · `}
          {stages[task.stage]}
        </Text>
      </Group>
      <div>
        <Title order={3} size="h6">
          <Trans>Why</Trans>
        </Title>
        {explanation.isPending ? (
          <Skeleton height={18} />
        ) : (
          <Text size="sm">{why ? told(why.sentence, why.said) : '–'}</Text>
        )}
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
    </>
  )
}

function Happened({ event, project }: { event: TaskEvent; project: Project }) {
  const words = useWhatHappened()
  return (
    <Timeline.Item>
      <Group gap={6}>
        <Text size="sm">
          {event.by_name ?? 'Karat'} {words(event.what)}
        </Text>
        {event.label && <ClassMark name={event.label} classes={project.ontology.classes} />}
        {event.n_objects !== null && (
          <Text size="sm" className="quiet">
            <Plural value={event.n_objects} _0="nothing there" one="# object" other="# objects" />
          </Text>
        )}
      </Group>
      <Text size="xs" className="quiet">
        {event.detail} <Ago at={event.at} />
      </Text>
    </Timeline.Item>
  )
}
