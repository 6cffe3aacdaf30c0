import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Badge, Group, Kbd, Text, Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBackspace,
  IconHelp,
  IconInfoCircle,
  IconX,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import type { MouseEvent, ReactNode } from 'react'
import { Link } from 'react-router'
import { useMay } from '../../api/session'
import type { Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { type KeyAction, keyName } from '../../kernel/keymap'
import type { WorkStream } from '../../kernel/stream'
import type { StreamState } from '../../kernel/streamState'
import type { ZoomSlot } from '../../modalities/kind'
import { ProjectInstructions } from '../common/ProjectInstructions'
import type { Side } from './actions'
import styles from './Frame.module.css'
import { KeySheet } from './KeySheet'
import { Banner, Between } from './Notices'
import { SaveState } from './SaveState'
import { Timer } from './Timer'

type Props = {
  project: Project
  stream: WorkStream
  state: StreamState
  keys: KeyAction[]
  side: Side
  show: (side: Side) => void
  zoom: ZoomSlot
  /** What is worked on, with the hand on it; null between two assets. */
  asset: ReactNode
  /** What was answered last: the way back to it. */
  last: ReactNode
  fault: string | null
  /** The buttons that end the work on this asset. */
  actions: ReactNode
  panel: ReactNode
  /** The class in hand: the instructions open where they speak of it. */
  about: string | null
  /** The panel holds more than classes. */
  isWide?: boolean
}

const TOO_SOON_MS = 300

/** The second click of a double click was meant for the asset before, not for the one that has come under it unseen. */
const isSecondOfDouble = (click: MouseEvent, stream: WorkStream) => click.detail > 1 && stream.lookedMs() < TOO_SOON_MS

/** The workspace of every mode: the asset, and as little else as will do. */
export function Frame(props: Props) {
  const { t } = useLingui()
  const { project, stream, state, side, show, panel } = props
  const { current } = state
  return (
    <div
      className={styles.workspace}
      data-wide={props.isWide || undefined}
      data-pausing={!current || undefined}
      onClickCapture={(event) => isSecondOfDouble(event, stream) && event.stopPropagation()}
    >
      <TopBar {...props} />
      <main className={styles.asset}>
        {props.asset}
        {!current && <Between project={project} state={state} stream={stream} />}
        <Banner state={state} stream={stream} fault={props.fault} />
      </main>
      {side && (
        <aside className={styles.side} aria-label={side === 'keys' ? undefined : project.name}>
          <SideHead side={side} close={() => show(null)} />
          {side === 'instructions' ? (
            <ProjectInstructions
              project={project}
              version={current?.work.instructions_version ?? project.instructions.version}
              about={props.about}
            />
          ) : (
            <KeySheet keys={props.keys} />
          )}
        </aside>
      )}
      <section className={styles.panel} aria-label={t`Answer`}>
        {panel}
      </section>
      <BottomBar {...props} />
    </div>
  )
}

function TopBar({ project, stream, state, actions }: Props) {
  const { t } = useLingui()
  const format = useFormat()
  const maySee = useMay('work.see')
  const { current, nDone, nTotal, sent, withdrawn } = state
  const isCheck = current?.work.purpose === 'check'
  // Where the router asks batch by batch nobody knows the end: a total would always be about to be reached.
  const isOpenEnded = project.target.overlap === null && stream.purposes.includes('label') && !isCheck
  const handedIn = format.number(nDone)
  return (
    <header className={styles.top}>
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0, flex: '1 1 auto' }}>
        <Tooltip label={t`Leave; what is handed in is kept`}>
          <ActionIcon
            component={Link}
            to={maySee ? `/projects/${project.id}` : '/'}
            variant="subtle"
            color="gray"
            aria-label={t`Leave`}
          >
            <IconX size={17} />
          </ActionIcon>
        </Tooltip>
        <Text component="h1" size="sm" fw={600} truncate>
          {project.name}
        </Text>
        {isCheck && (
          <Tooltip label={t`This one was drawn at random. Your answer counts towards the certificate.`}>
            <Badge variant="outline" color="gray" size="sm" tt="none" fw={500} style={{ flex: 'none' }}>
              <Trans>certificate check</Trans>
            </Badge>
          </Tooltip>
        )}
        <Text size="sm" className={`quiet ${styles.progress ?? ''}`}>
          {isOpenEnded ? (
            <Trans>{handedIn} handed in</Trans>
          ) : (
            current && (
              <Trans>
                {nDone + 1} of ~{Math.max(nTotal, nDone + 1)}
              </Trans>
            )
          )}
        </Text>
      </Group>
      <SaveState draftSaving={state.draftSaving} />
      <Group gap={2} wrap="nowrap">
        <ActionIcon
          variant="subtle"
          color="gray"
          className={styles.step}
          aria-label={t`Undo`}
          disabled={!sent.length && !current?.history.done.length}
          onClick={() => void stream.undo()}
        >
          <IconArrowBackUp size={18} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={styles.step}
          aria-label={t`Redo`}
          disabled={!withdrawn.length && !current?.history.undone.length}
          onClick={() => void stream.redo()}
        >
          <IconArrowForwardUp size={18} />
        </ActionIcon>
      </Group>
      <Timer stream={stream} isRunning={Boolean(current)} />
      <Group gap="xs" wrap="nowrap">
        {actions}
      </Group>
    </header>
  )
}

function BottomBar({ stream, keys, zoom, show, side, last, state }: Props) {
  const { t } = useLingui()
  const hint = (id: string) => keyName(keys.find((action) => action.id === id)?.keys[0] ?? '')
  const toggle = (wanted: Side) => () => show(side === wanted ? null : wanted)
  const { current } = state
  return (
    <footer className={styles.bottom}>
      <Group gap={6} wrap="nowrap" className={styles.last}>
        {last && (
          <UnstyledButton
            className={styles.toggle}
            title={t`Back to the last one`}
            // Focus stays where it was, so that Enter still hands in.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => void stream.back()}
          >
            <Trans>Last:</Trans> {last}
            <Kbd size="xs" className={styles.backspace}>
              <IconBackspace size={15} stroke={1.6} aria-hidden />
            </Kbd>
          </UnstyledButton>
        )}
      </Group>
      <Text size="xs" className={`quiet ${styles.name ?? ''}`} truncate>
        {current?.work.asset.name}
      </Text>
      <Group gap={4} wrap="nowrap">
        <ActionIcon variant="subtle" color="gray" aria-label={t`Smaller`} onClick={() => zoom.current?.out()}>
          <IconZoomOut size={16} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t`Larger`} onClick={() => zoom.current?.in()}>
          <IconZoomIn size={16} />
        </ActionIcon>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={side === 'instructions'}
          onClick={toggle('instructions')}
        >
          <IconInfoCircle size={15} aria-hidden /> <Trans>Instructions</Trans>{' '}
          <Kbd size="xs">{hint('instructions')}</Kbd>
        </button>
        <button type="button" className={styles.toggle} aria-expanded={side === 'keys'} onClick={toggle('keys')}>
          <IconHelp size={15} aria-hidden /> <Trans>Keys</Trans> <Kbd size="xs">?</Kbd>
        </button>
      </Group>
    </footer>
  )
}

function SideHead({ side, close }: { side: Side; close: () => void }) {
  const { t } = useLingui()
  return (
    <Group justify="space-between" mb="xs">
      <Text component="h2" size="sm" fw={600}>
        {side === 'instructions' ? <Trans>Instructions</Trans> : <Trans>Keys of this place</Trans>}
      </Text>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Close the panel`} onClick={close}>
        <IconX size={16} />
      </ActionIcon>
    </Group>
  )
}
