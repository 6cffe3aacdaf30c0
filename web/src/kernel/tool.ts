import type { ImagePoint, ImageVector, ScreenPoint } from '../geometry/points'

/** A finger, pen or mouse on the asset. */
export type Press = { at: ImagePoint; screen: ScreenPoint; shift: boolean; isCoarse: boolean }

/**
 * What the hand is doing. Until a gesture ends its state shows a preview and writes nothing, so that cancelling is exact.
 * `Desk` is what a tool may touch.
 */
export abstract class ToolState<Desk> {
  abstract readonly id: string
  /** Nothing is under way. */
  readonly isRest: boolean = false

  constructor(protected readonly tool: Tool<Desk>) {}

  protected get desk(): Desk {
    return this.tool.desk
  }

  onEnter(): void {}
  onPointerDown(_press: Press): void {}
  onPointerMove(_press: Press): void {}
  onPointerUp(_press: Press): void {}

  /** An arrow key. True when it was for this state. */
  onArrow(_by: ImageVector): boolean {
    return false
  }

  /** Enter. True when it was for this state. */
  onConfirm(): boolean {
    return false
  }

  /** Clear away the preview; called whenever the state is left, however it is left. */
  onLeave(): void {}
}

/** A tool is in one state at a time. */
export class Tool<Desk> {
  private current: ToolState<Desk>

  constructor(
    readonly desk: Desk,
    private readonly rest: (tool: Tool<Desk>) => ToolState<Desk>,
    private readonly onChange: (state: string) => void = () => {},
  ) {
    this.current = rest(this)
  }

  get state(): string {
    return this.current.id
  }

  get isBusy(): boolean {
    return !this.current.isRest
  }

  go(next: ToolState<Desk>): void {
    this.current.onLeave()
    this.current = next
    this.onChange(next.id)
    next.onEnter()
  }

  toRest(): void {
    this.go(this.rest(this))
  }

  down(press: Press): void {
    this.current.onPointerDown(press)
  }

  move(press: Press): void {
    this.current.onPointerMove(press)
  }

  up(press: Press): void {
    this.current.onPointerUp(press)
  }

  arrow(by: ImageVector): boolean {
    return this.current.onArrow(by)
  }

  confirm(): boolean {
    return this.current.onConfirm()
  }

  /** Give up what is under way, without a trace. False when there was nothing. */
  cancel(): boolean {
    if (!this.isBusy) return false
    this.toRest()
    return true
  }
}
