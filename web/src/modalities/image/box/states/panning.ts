import type { ScreenPoint } from '../../../../geometry/points'
import { type Press, type Tool, ToolState } from '../../../../kernel/tool'
import type { BoxDesk } from '../desk'

/** The image goes with the hand. */
export class Panning extends ToolState<BoxDesk> {
  readonly id = 'panning'
  private last: ScreenPoint

  private isStill = true

  constructor(
    tool: Tool<BoxDesk>,
    { screen }: Press,
    /** What a press without a way does. */
    private readonly onClick: () => void = () => {},
  ) {
    super(tool)
    this.last = screen
  }

  override onPointerMove({ screen }: Press): void {
    this.desk.pan(screen.x - this.last.x, screen.y - this.last.y)
    this.last = screen
    this.isStill = false
  }

  override onPointerUp(): void {
    if (this.isStill) this.onClick()
    this.tool.toRest()
  }
}
