import { useLingui } from '@lingui/react/macro'
import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, useId, useMemo } from 'react'
import type { LabelClass } from '../../../api/types'
import { type Box, smallestAt } from '../../../geometry/boxes'
import { cursorOf, handleAt } from '../../../geometry/handles'
import type { ScreenPoint } from '../../../geometry/points'
import { toImage, toScreen } from '../../../kernel/viewport'
import { colorOfAnnotator } from '../../objects/colors'
import type { BenchProps } from '../../objects/types'
import { Picture } from '../Picture'
import { useImageFrame } from '../useImageFrame'
import { BoxMarks, type Mark } from './BoxMarks'
import { BoxTag, Guides, Handles, type Tag } from './BoxTags'
import styles from './BoxView.module.css'
import type { BoxPayload } from './box'
import { useBoxDesk } from './useBoxDesk'
import { usePointers } from './usePointers'

const SLACK_PX = 7
/** With more boxes than this names are shown of those that are pointed at. */
const MOST_NAMES = 24
const NO_COLOR = '#888888'

/** An image with boxes on it, under the hand. */
export function BoxView(props: BenchProps) {
  const { t } = useLingui()
  const { asset, zoom, objects, document, classes, readOnly = false } = props
  const frame = useImageFrame(asset, zoom)
  const { tool, preview, session, isPanning, things } = useBoxDesk(props, frame)
  const { handlers, pointer, hasSpace } = usePointers(tool, frame, isPanning)
  const hasTouch = useMediaQuery('(pointer: coarse)') ?? false
  const hint = useId()
  const { view } = frame

  const marks = useMarks(props, preview?.placed)
  const hovered = pointer && !tool.isBusy ? smallestAt(things, toImage(pointer, view), SLACK_PX / 2 / view.scale) : null
  const tags = marks
    .filter(({ id, isSelected }) => marks.length <= MOST_NAMES || isSelected || id === hovered?.id)
    .map((mark) => tagOf(mark, props))
  const [only] = session.selection.length === 1 ? session.selection : []
  const held = marks.find(({ id, isProposed, isLocked }) => id === only && !isProposed && !isLocked)
  const drawn: Mark | null = preview?.drawn
    ? { ...PLAIN, id: 'drawn', box: preview.drawn, color: colorOf(classes, session.labelClass) }
    : null

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Tab' || event.ctrlKey || event.altKey || event.metaKey) return
    // After the last object the focus goes on as everywhere, so nobody is caught here.
    if (objects.step(event.shiftKey ? -1 : 1)) event.preventDefault()
  }

  const nObjects = Object.keys(document).length
  const guides = guidesAt(preview?.crosshair ? toScreen(preview.crosshair, view) : pointer, session.mode === 'draw')
  return (
    <div
      ref={frame.ref}
      className={styles.frame}
      role="application"
      aria-label={t`Boxes on ${asset.name}: ${nObjects}`}
      aria-describedby={hint}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: objects are walked through by keyboard from here
      tabIndex={0}
      style={{ cursor: cursor(hasSpace) }}
      onKeyDown={onKeyDown}
      onDoubleClick={() => hovered?.isProposed && objects.accept()}
      {...handlers}
    >
      <span id={hint} className="visually-hidden">
        {readOnly
          ? t`Tab goes through the objects; nothing is changed here.`
          : t`Tab goes through the objects, N draws one by keyboard, arrows move what is selected.`}
      </span>
      <Picture asset={asset} frame={frame} />
      <svg className={styles.overlay} aria-hidden>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          <BoxMarks marks={marks} />
          {drawn && <BoxMarks marks={[drawn]} />}
          {preview?.marquee && (
            <rect className={styles.marquee} {...rect(preview.marquee)} vectorEffect="non-scaling-stroke" />
          )}
        </g>
        {guides && !hasSpace && <Guides at={guides} />}
        {held && !drawn && <Handles box={held.box} view={view} isCoarse={hasTouch} />}
      </svg>
      <div className={styles.overlay} aria-hidden>
        {tags.map((tag) => (
          <BoxTag key={tag.id} tag={tag} view={view} />
        ))}
        {drawn && (
          <BoxTag
            tag={{ ...drawn, name: titleOf(classes, session.labelClass), figures: figures(drawn.box) }}
            view={view}
          />
        )}
      </div>
    </div>
  )

  function cursor(isSpace: boolean): string {
    if (session.gesture === 'panning') return 'grabbing'
    if (isSpace) return 'grab'
    if (session.gesture === 'dragging') return 'move'
    const handle = held && pointer && !tool.isBusy && handleAt(held.box, toImage(pointer, view), SLACK_PX / view.scale)
    if (handle) return cursorOf(handle)
    if (hovered && (session.mode === 'select' || session.selection.includes(hovered.id))) return 'move'
    return session.mode === 'draw' ? 'crosshair' : 'default'
  }
}

const PLAIN = { isProposed: false, isSelected: true, isLocked: false } as const

const rect = ({ x, y, width, height }: Box) => ({ x, y, width, height })
const figures = ({ width, height }: Box) => `${round(width)} × ${round(height)}`
const round = (pixels: number) => (pixels < 10 ? Math.round(pixels * 10) / 10 : Math.round(pixels))
const guidesAt = (at: ScreenPoint | null, isDrawing: boolean) => (isDrawing ? at : null)
const colorOf = (classes: readonly LabelClass[], name: string | null) =>
  classes.find((each) => each.name === name)?.color ?? NO_COLOR
const titleOf = (classes: readonly LabelClass[], name: string | null) => {
  const found = classes.find((each) => each.name === name)
  return found?.title || (name ?? '')
}

/** What is to be drawn: proposals below, then the document, the selection on top. */
function useMarks({ objects, document, proposals, classes }: BenchProps, placed?: ReadonlyMap<string, Box>): Mark[] {
  const { selection, hidden, locked } = objects.session.getState()
  const marks = useMemo(() => {
    const selected = new Set(selection)
    const proposed = proposals.map(({ id, annotation, by }) => {
      const payload = annotation.payload as BoxPayload
      const color = by === null ? colorOf(classes, payload.label_class) : colorOfAnnotator(by)
      return { id, box: payload, color, isProposed: true, isSelected: selected.has(id), isLocked: false }
    })
    const own = Object.values(document)
      .filter(({ id }) => !hidden.has(id))
      .map(({ id, payload }) => {
        const box = payload as BoxPayload
        const color = colorOf(classes, box.label_class)
        return { id, box, color, isProposed: false, isSelected: selected.has(id), isLocked: locked.has(id) }
      })
    return [...proposed, ...own].sort((a, b) => Number(a.isSelected) - Number(b.isSelected))
  }, [document, proposals, classes, selection, hidden, locked])
  if (!placed) return marks
  return marks.map((mark) => ({ ...mark, box: placed.get(mark.id) ?? mark.box }))
}

function tagOf(mark: Mark, { proposals, document, classes }: BenchProps): Tag {
  const proposal = proposals.find(({ id }) => id === mark.id)
  const payload = (proposal?.annotation.payload ?? document[mark.id]?.payload) as BoxPayload | undefined
  const score = proposal?.score
  return {
    id: mark.id,
    box: mark.box,
    color: mark.color,
    isProposed: mark.isProposed,
    name: [proposal?.by, titleOf(classes, payload?.label_class ?? null)].filter(Boolean).join(': '),
    figures: score != null ? score.toFixed(2) : mark.isSelected ? figures(mark.box) : '',
  }
}
