import { boxBetween } from '../../../../geometry/boxes'
import { type ImagePoint, type ImageVector, imagePoint, pointWithin } from '../../../../geometry/points'
import { type Press, type Tool, ToolState } from '../../../../kernel/tool'
import { type BoxDesk, isLargeEnough } from '../desk'
import { Drawing } from './drawing'

/** Drawing by keys: arrows move the crosshair, Enter sets the first corner and then the second. */
export class Crosshair extends ToolState<BoxDesk> {
  readonly id: string = 'crosshair'

  constructor(
    tool: Tool<BoxDesk>,
    protected at: ImagePoint,
    private readonly corner: ImagePoint | null = null,
  ) {
    super(tool)
    this.id = corner ? 'crosshair-second' : 'crosshair'
  }

  override onEnter(): void {
    this.show()
  }

  private show(): void {
    const drawn = this.corner && { drawn: boxBetween(this.corner, this.at) }
    this.desk.preview({ crosshair: this.at, ...drawn })
  }

  override onArrow({ dx, dy }: ImageVector): boolean {
    this.at = pointWithin(imagePoint(this.at.x + dx, this.at.y + dy), this.desk.image())
    this.show()
    return true
  }

  override onConfirm(): boolean {
    if (!this.corner) {
      this.tool.go(new Crosshair(this.tool, this.at, this.at))
      return true
    }
    const box = boxBetween(this.corner, this.at)
    // Without a size there is nothing to set: the second corner is still to come.
    if (!isLargeEnough(box, this.desk)) return true
    this.desk.add(box)
    this.tool.toRest()
    return true
  }

  /** Whoever takes the mouse after all draws with it. */
  override onPointerDown(press: Press): void {
    this.tool.go(new Drawing(this.tool, press))
  }

  override onLeave(): void {
    this.desk.preview(null)
  }
}
