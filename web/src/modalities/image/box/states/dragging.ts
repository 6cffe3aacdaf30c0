import { type Box, moved, wayWithin } from '../../../../geometry/boxes'
import { between, distance } from '../../../../geometry/points'
import type { AnnotationId } from '../../../../kernel/document'
import { type Press, type Tool, ToolState } from '../../../../kernel/tool'
import type { BoxDesk } from '../desk'

/** Less than this is a hand that trembles, in CSS pixels. */
const STILL = 3

/** Everything selected goes with the hand and stops together at the edge of the image. */
export class Dragging extends ToolState<BoxDesk> {
  readonly id = 'dragging'
  private readonly boxes: [AnnotationId, Box][]

  constructor(
    tool: Tool<BoxDesk>,
    private readonly first: Press,
    /** What a press without a way does. */
    private readonly onClick: () => void = () => {},
  ) {
    super(tool)
    const selected = new Set(this.desk.selection())
    this.boxes = this.desk
      .things()
      .filter(({ id, isProposed }) => selected.has(id) && !isProposed)
      .map(({ id, box }) => [id, box])
  }

  private placed(press: Press): ReadonlyMap<AnnotationId, Box> | null {
    if (distance(press.screen, this.first.screen) < STILL) return null
    const way = wayWithin(
      this.boxes.map(([, box]) => box),
      between(this.first.at, press.at),
      this.desk.image(),
    )
    return new Map(this.boxes.map(([id, box]) => [id, moved(box, way)]))
  }

  override onPointerMove(press: Press): void {
    const placed = this.placed(press)
    this.desk.preview(placed && { placed })
  }

  override onPointerUp(press: Press): void {
    const placed = this.placed(press)
    if (placed?.size) this.desk.place('move', placed)
    else if (!placed) this.onClick()
    this.tool.toRest()
  }

  override onLeave(): void {
    this.desk.preview(null)
  }
}
