import type { Box } from '../../../../geometry/boxes'
import { type Handle, handlePoint, resized } from '../../../../geometry/handles'
import { between, type ImageVector, imagePoint } from '../../../../geometry/points'
import { type Press, type Tool, ToolState } from '../../../../kernel/tool'
import { type BoxDesk, isLargeEnough, type Thing } from '../desk'

/** One handle of one box goes with the hand. */
export class DraggingHandle extends ToolState<BoxDesk> {
  readonly id = 'dragging-handle'
  /** From the hand to the handle: taking hold beside its middle moves nothing. */
  private readonly off: ImageVector

  constructor(
    tool: Tool<BoxDesk>,
    private readonly thing: Thing,
    private readonly handle: Handle,
    private readonly first: Press,
  ) {
    super(tool)
    this.off = between(first.at, handlePoint(thing.box, handle))
  }

  private boxAt({ at }: Press): Box {
    const to = imagePoint(at.x + this.off.dx, at.y + this.off.dy)
    return resized(this.thing.box, this.handle, to, this.desk.image()).box
  }

  override onPointerMove(press: Press): void {
    this.desk.preview({ placed: new Map([[this.thing.id, this.boxAt(press)]]) })
  }

  override onPointerUp(press: Press): void {
    const box = this.boxAt(press)
    const isStill = press.at.x === this.first.at.x && press.at.y === this.first.at.y
    if (!isStill && isLargeEnough(box, this.desk)) this.desk.place('resize', new Map([[this.thing.id, box]]))
    this.tool.toRest()
  }

  override onLeave(): void {
    this.desk.preview(null)
  }
}
