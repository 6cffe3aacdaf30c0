import { boxBetween, touches } from '../../../../geometry/boxes'
import { distance } from '../../../../geometry/points'
import { type Press, type Tool, ToolState } from '../../../../kernel/tool'
import type { BoxDesk } from '../desk'

const STILL = 3

/** A marquee: what it touches is selected, in addition when shift is held. */
export class Catching extends ToolState<BoxDesk> {
  readonly id = 'catching'

  constructor(
    tool: Tool<BoxDesk>,
    private readonly first: Press,
  ) {
    super(tool)
  }

  override onPointerMove({ at }: Press): void {
    this.desk.preview({ marquee: boxBetween(this.first.at, at) })
  }

  override onPointerUp(press: Press): void {
    const before = this.first.shift ? this.desk.selection() : []
    const marquee = boxBetween(this.first.at, press.at)
    const isClick = distance(press.screen, this.first.screen) < STILL
    const caught = isClick
      ? []
      : this.desk.things().filter(({ box, isProposed }) => !isProposed && touches(box, marquee))
    this.desk.select([...new Set([...before, ...caught.map(({ id }) => id)])])
    this.tool.toRest()
  }

  override onLeave(): void {
    this.desk.preview(null)
  }
}
