import { Tool } from '../../../kernel/tool'
import type { BoxDesk } from './desk'
import { Crosshair } from './states/crosshair'
import { Idle } from './states/idle'

/** The hand that draws, moves and resizes boxes. */
export class BoxTool extends Tool<BoxDesk> {
  constructor(desk: BoxDesk, onChange?: (state: string) => void) {
    super(desk, (tool) => new Idle(tool), onChange)
  }

  /** Draw by keys, from the middle of what is to be seen. */
  startByKeys(): void {
    this.go(new Crosshair(this, this.desk.middle()))
  }
}
