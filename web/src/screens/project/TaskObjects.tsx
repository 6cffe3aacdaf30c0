import { Plural, useLingui } from '@lingui/react/macro'
import { ActionIcon, Box, Group, Stack, Switch, Text } from '@mantine/core'
import { IconEye, IconEyeOff, IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react'
import { useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import type { Project, TaskDetail } from '../../api/types'
import type { ZoomSlot } from '../../modalities/kind'
import { colorOfAnnotator } from '../../modalities/objects/colors'
import { proposalsOf, visibleProposals } from '../../modalities/objects/proposals'
import { toggled } from '../../modalities/objects/session'
import type { HandSlot, ObjectEditor } from '../../modalities/objects/types'
import { labelOf, sayingsOf, shownWork, toggleLabel } from './taskObjects'
import { useWhatHappened } from './whatHappened'

type Props = { task: TaskDetail; project: Project; editor: ObjectEditor }

/** The asset with its label and what each person marked, in the workspace's own view; who said what, to show and hide. */
export function TaskObjects({ task, project, editor }: Props) {
  const { t } = useLingui()
  const zoom: ZoomSlot = useRef(null)
  const hand: HandSlot = useRef(null)
  const { ontology } = project
  const latest = useRef(task)
  latest.current = task
  // The same task comes anew with other links to its media: what is hidden or zoomed stays so.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another task is looked at from the start
  const objects = useMemo(() => shownWork(() => latest.current, editor, ontology), [task.id, editor, ontology])
  const session = useStore(objects.session)
  const label = useMemo(() => labelOf(task.annotations), [task.annotations])
  const sayings = useMemo(() => sayingsOf(task), [task])
  const proposals = useMemo(() => {
    const { threshold, dismissed, muted, onlyDifferences } = session
    const all = proposalsOf({ predictions: null, answers: sayings })
    return visibleProposals(editor, all, label, { threshold, dismissed, muted, onlyDifferences })
  }, [editor, label, sayings, session])
  return (
    <Stack gap="xs">
      <Box h={340} pos="relative" bg="var(--page)" style={{ border: '1px solid var(--line)' }}>
        <editor.Bench
          asset={task.asset}
          zoom={zoom}
          hand={hand}
          objects={objects}
          document={label}
          proposals={proposals}
          classes={ontology.classes}
          readOnly
        />
      </Box>
      <Group justify="space-between">
        <Switch
          size="xs"
          label={t`Of the answers only what differs from the label`}
          checked={session.onlyDifferences}
          onChange={({ currentTarget }) => objects.session.setState({ onlyDifferences: currentTarget.checked })}
        />
        <Zoom zoom={zoom} />
      </Group>
      <Stack gap={2} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {task.annotations && (
          <Row
            color={null}
            title={t`Label`}
            n={task.annotations.length}
            isHidden={task.annotations.length > 0 && Object.keys(label).every((id) => session.hidden.has(id))}
            toggle={() => toggleLabel(objects, label)}
          />
        )}
        {sayings.map(({ by, name, what, annotations, submission_id }) => (
          <SaidRow
            key={submission_id}
            by={by}
            name={name}
            what={what}
            n={annotations.length}
            isHidden={session.muted.has(submission_id)}
            toggle={() => objects.session.setState({ muted: toggled(session.muted, [submission_id]) })}
          />
        ))}
      </Stack>
    </Stack>
  )
}

type SaidProps = { by: string; name: string | null; what: string; n: number; isHidden: boolean; toggle: () => void }

function SaidRow({ by, name, what, ...row }: SaidProps) {
  const words = useWhatHappened()
  return <Row color={colorOfAnnotator(by)} title={`${by}: ${name ?? 'Karat'}, ${words(what)}`} {...row} />
}

type RowProps = { color: string | null; title: string; n: number; isHidden: boolean; toggle: () => void }

function Row({ color, title, n, isHidden, toggle }: RowProps) {
  const { t } = useLingui()
  return (
    <Group component="li" gap="xs" wrap="nowrap" mih={30}>
      <Box
        w={12}
        h={12}
        aria-hidden
        style={{
          flex: 'none',
          borderRadius: 3,
          background: color ?? 'transparent',
          border: color ? '1px dashed #000000' : '2px solid var(--mantine-color-text)',
        }}
      />
      <Text size="sm" style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        {title}{' '}
        <Text span size="xs" className="quiet">
          <Plural value={n} _0="nothing there" one="# object" other="# objects" />
        </Text>
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={isHidden ? t`Show on the asset: ${title}` : t`Hide on the asset: ${title}`}
        onClick={toggle}
      >
        {isHidden ? <IconEyeOff size={16} /> : <IconEye size={16} />}
      </ActionIcon>
    </Group>
  )
}

function Zoom({ zoom }: { zoom: ZoomSlot }) {
  const { t } = useLingui()
  return (
    <Group gap={2}>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Zoom in`} onClick={() => zoom.current?.in()}>
        <IconZoomIn size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Zoom out`} onClick={() => zoom.current?.out()}>
        <IconZoomOut size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Fit to the window`} onClick={() => zoom.current?.fit()}>
        <IconZoomReset size={16} />
      </ActionIcon>
    </Group>
  )
}
