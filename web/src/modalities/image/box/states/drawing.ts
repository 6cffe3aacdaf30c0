import { boxBetween, smallestAt } from '../../../../geometry/boxes'
import { type ImagePoint, pointWithin } from '../../../../geometry/points'
import { type Press, type Tool, ToolState } from '../../../../kernel/tool'
import { type BoxDesk, isLargeEnough } from '../desk'

/** A new box between where the hand went down and where it is. */
export class Drawing extends ToolState<BoxDesk> {
  readonly id = 'drawing'
  private readonly from: ImagePoint

  constructor(
    tool: Tool<BoxDesk>,
    private readonly first: Press,
  ) {
    super(tool)
    this.from = pointWithin(first.at, this.desk.image())
  }

  private boxTo(at: ImagePoint) {
    return boxBetween(this.from, pointWithin(at, this.desk.image()))
  }

  override onPointerMove({ at }: Press): void {
    this.desk.preview({ drawn: this.boxTo(at) })
  }

  override onPointerUp({ at }: Press): void {
    const box = this.boxTo(at)
    if (isLargeEnough(box, this.desk)) this.desk.add(box)
    else this.click()
    this.tool.toRest()
  }

  /** A press without a way is meant for what lies there. */
  private click(): void {
    const { at, shift, isCoarse } = this.first
    const found = smallestAt(this.desk.things(), at, this.desk.slack(isCoarse) / 2)
    const selected = this.desk.selection()
    if (!found) this.desk.select(shift ? selected : [])
    else if (!shift) this.desk.select([found.id])
    else
      this.desk.select(selected.includes(found.id) ? selected.filter((id) => id !== found.id) : [...selected, found.id])
  }

  override onLeave(): void {
    this.desk.preview(null)
  }
}
