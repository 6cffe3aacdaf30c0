import { isOnBorder, smallestAt } from '../../../../geometry/boxes'
import { handleAt } from '../../../../geometry/handles'
import { type Press, ToolState } from '../../../../kernel/tool'
import type { BoxDesk, Thing } from '../desk'
import { Catching } from './catching'
import { Dragging } from './dragging'
import { DraggingHandle } from './draggingHandle'
import { Drawing } from './drawing'
import { Panning } from './panning'

/** Nothing is under way; where the hand goes down says what comes. */
export class Idle extends ToolState<BoxDesk> {
  readonly id = 'idle'
  override readonly isRest = true

  override onPointerDown(press: Press): void {
    this.tool.go(this.beginning(press))
  }

  private beginning(press: Press): ToolState<BoxDesk> {
    const { desk, tool } = this
    if (desk.isPanning()) return new Panning(tool, press)
    const held = this.handleUnder(press)
    if (held) return new DraggingHandle(tool, held.thing, held.handle, press)
    const found = this.takenUnder(press)
    if (found) return this.take(found, press)
    if (desk.mode() === 'draw') return new Drawing(tool, press)
    // A finger has no key to move the image with.
    return press.isCoarse ? new Panning(tool, press, () => desk.select([])) : new Catching(tool, press)
  }

  private handleUnder({ at, isCoarse, shift }: Press) {
    const selection = this.desk.selection()
    const [only] = selection
    const thing = this.desk.things().find(({ id }) => id === only)
    if (selection.length !== 1 || !thing || thing.isProposed || shift) return null
    const handle = handleAt(thing.box, at, this.desk.slack(isCoarse))
    return handle && { thing, handle }
  }

  /**
   * When selecting, everything can be taken. When drawing, only the selection and borders can: a drag from the inside of
   * another box draws, since things lie before one another.
   */
  private takenUnder({ at, isCoarse, shift }: Press): Thing | null {
    const { desk } = this
    const slack = desk.slack(isCoarse) / 2
    const things = desk.things()
    if (desk.mode() === 'select') return smallestAt(things, at, slack)
    if (shift) return null
    const selected = new Set(desk.selection())
    const own = smallestAt(
      things.filter(({ id, isProposed }) => selected.has(id) && !isProposed),
      at,
      slack,
    )
    return (
      own ??
      smallestAt(
        things.filter(({ box, isProposed }) => !isProposed && isOnBorder(box, at, slack)),
        at,
        slack,
      )
    )
  }

  private take({ id }: Thing, press: Press): ToolState<BoxDesk> {
    const selected = this.desk.selection()
    const isSelected = selected.includes(id)
    if (press.shift) {
      this.desk.select(isSelected ? selected.filter((each) => each !== id) : [...selected, id])
      return new Idle(this.tool)
    }
    if (!isSelected) this.desk.select([id])
    // A click without a way on one of many, or on the inside of a box that holds a smaller one, picks what lies there.
    return new Dragging(this.tool, press, () => {
      const under = smallestAt(this.desk.things(), press.at, this.desk.slack(press.isCoarse) / 2)
      this.desk.select([under?.id ?? id])
    })
  }
}
