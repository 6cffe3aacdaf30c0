import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, NumberInput, Select, Skeleton, Stack, Text } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { useTasks } from '../../api/queries'
import type { Project, Stage, TaskRow } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { ClassMark } from '../common/ClassMark'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Thumb } from '../common/Thumb'
import { useStageNames } from './Flow'
import { useThisProject } from './ProjectLayout'
import { TaskDrawer } from './TaskDrawer'
import styles from './Tasks.module.css'

const FILTERS = ['stage', 'label', 'min_confidence', 'max_confidence'] as const

/** Every task, filtered by what stands in the address, so that a link shows a colleague the same. */
export function Tasks() {
  const { t } = useLingui()
  const project = useThisProject()
  const [search, setSearch] = useSearchParams()
  const filters = Object.fromEntries(FILTERS.map((name) => [name, search.get(name)]))
  const tasks = useTasks(project.id, filters)
  const set = (name: string, value: string | null) =>
    setSearch(
      (before) => {
        if (value) before.set(name, value)
        else before.delete(name)
        return before
      },
      { replace: true },
    )
  return (
    <Stack gap="sm">
      <Filters project={project} filters={filters} set={set} />
      {tasks.isPending && <Skeleton height={360} />}
      {tasks.isError && (
        <ProblemNote what={t`The tasks could not be read`} cause={tasks.error} retry={() => void tasks.refetch()} />
      )}
      {tasks.isSuccess && tasks.items.length === 0 && (
        <Empty
          icon={<IconListSearch size={40} stroke={1.4} />}
          title={t`No task here`}
          action={
            <Button variant="default" onClick={() => setSearch({})}>
              <Trans>Show all tasks</Trans>
            </Button>
          }
        >
          <Trans>No task fits these filters at present.</Trans>
        </Empty>
      )}
      {tasks.items.length > 0 && <TaskList tasks={tasks} project={project} open={(id) => set('task', id)} />}
      <TaskDrawer id={search.get('task')} project={project} close={() => set('task', null)} />
    </Stack>
  )
}

type FilterProps = {
  project: Project
  filters: Record<string, string | null>
  set: (name: string, value: string | null) => void
}

function Filters({ project, filters, set }: FilterProps) {
  const { t } = useLingui()
  const names = useStageNames()
  const percent = (name: 'min_confidence' | 'max_confidence', label: string) => (
    <NumberInput
      label={label}
      suffix=" %"
      min={0}
      max={100}
      w={110}
      decimalScale={1}
      value={filters[name] ? Math.round(Number(filters[name]) * 1000) / 10 : ''}
      onChange={(value) => set(name, value === '' ? null : String(Number(value) / 100))}
    />
  )
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={t`Stage`}
        placeholder={t`all`}
        clearable
        w={150}
        data={(Object.keys(names) as Stage[]).map((value) => ({ value, label: names[value] }))}
        value={filters.stage ?? null}
        onChange={(value) => set('stage', value)}
      />
      <Select
        label={t`Label`}
        placeholder={t`all`}
        clearable
        searchable
        w={170}
        data={project.ontology.classes.map(({ name, title }) => ({ value: name, label: title || name }))}
        value={filters.label ?? null}
        onChange={(value) => set('label', value)}
      />
      {percent('min_confidence', t`Sure at least`)}
      {percent('max_confidence', t`Sure at most`)}
    </Group>
  )
}

type ListProps = { tasks: ReturnType<typeof useTasks>; project: Project; open: (id: string) => void }

function TaskList({ tasks, project, open }: ListProps) {
  const { t } = useLingui()
  const { items, hasNextPage, isFetchingNextPage, fetchNextPage } = tasks
  const frame = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 52,
    overscan: 12,
  })
  const last = list.getVirtualItems().at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <Panel p={0}>
      <div className={styles.head} aria-hidden>
        <span>{t`Asset`}</span>
        <span>{t`Label`}</span>
        <span>{t`Sure`}</span>
        <span>{t`Answers`}</span>
        <span>{t`Stage`}</span>
        <span>{t`Changed`}</span>
      </div>
      <div ref={frame} className={styles.frame} data-testid="task-list">
        <ul className={styles.list} style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const task = items[index]
            return (
              task && (
                <li key={task.id} className={styles.item} style={{ transform: `translateY(${start}px)` }}>
                  <Row task={task} project={project} open={() => open(task.id)} />
                </li>
              )
            )
          })}
        </ul>
      </div>
    </Panel>
  )
}

function Row({ task, project, open }: { task: TaskRow; project: Project; open: () => void }) {
  const format = useFormat()
  const names = useStageNames()
  return (
    <button type="button" className={styles.row} onClick={open}>
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
        <Thumb asset={task.asset} size={40} />
        <Text size="sm" truncate dir="auto">
          {task.asset.media.text?.slice(0, 120) ?? task.asset.name}
        </Text>
      </Group>
      {task.n_objects === null ? (
        <ClassMark name={task.label} classes={project.ontology.classes} />
      ) : (
        <Text span size="sm">
          <Plural value={task.n_objects} _0="nothing there" one="# object" other="# objects" />
        </Text>
      )}
      <span>{format.percent(task.confidence)}</span>
      <span>{format.number(task.n_answers)}</span>
      <span>{names[task.stage]}</span>
      <span className="quiet">
        <Ago at={task.updated_at} />
      </span>
    </button>
  )
}
