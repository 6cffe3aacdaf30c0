import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { ScreenPoint } from '../../../geometry/points'
import type { Press, Tool } from '../../../kernel/tool'
import { pinch, toImage, type Viewport } from '../../../kernel/viewport'
import type { ImageFrame } from '../useImageFrame'

type Fingers = { view: Viewport; from: [ScreenPoint, ScreenPoint] }

const MIDDLE_BUTTON = 1

/** Mouse, pen and fingers, told to the tool; two fingers zoom and move instead. */
export function usePointers<Desk>(tool: Tool<Desk>, frame: ImageFrame, isPanning: RefObject<boolean>) {
  const touches = useRef(new Map<number, ScreenPoint>())
  const fingers = useRef<Fingers | null>(null)
  const held = useRef<number | null>(null)
  const [hasSpace, setHasSpace] = useState(false)
  const [pointer, setPointer] = useState<ScreenPoint | null>(null)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isDown = event.type === 'keydown'
      const isOnControl = (event.target as Element | null)?.closest?.('button, a, input, textarea, select')
      // A key that went down on a button, or a switch, presses it when it comes up.
      if (event.key !== ' ' || (isDown ? isOnControl : !isPanning.current)) return
      event.preventDefault()
      isPanning.current = isDown
      setHasSpace(isPanning.current)
    }
    window.addEventListener('keydown', onKey)
    // The key may be let go of in another window.
    const onBlur = () => {
      isPanning.current = false
      setHasSpace(false)
    }
    window.addEventListener('keyup', onKey)
    window.addEventListener('blur', onBlur)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('keyup', onKey)
      window.removeEventListener('blur', onBlur)
    }
  }, [isPanning])

  const press = (event: PointerEvent): Press => {
    const screen = frame.at(event)
    const isCoarse = event.pointerType === 'touch'
    return { at: toImage(screen, frame.latest.current), screen, shift: event.shiftKey, isCoarse }
  }

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 && event.button !== MIDDLE_BUTTON) return
    event.currentTarget.focus({ preventScroll: true })
    event.currentTarget.setPointerCapture(event.pointerId)
    if (event.pointerType === 'touch') {
      touches.current.set(event.pointerId, frame.at(event))
      const [a, b] = touches.current.values()
      if (a && b) {
        tool.cancel()
        held.current = null
        fingers.current = { view: frame.latest.current, from: [a, b] }
        return
      }
    }
    if (held.current !== null) return
    held.current = event.pointerId
    const hadSpace = isPanning.current
    isPanning.current ||= event.button === MIDDLE_BUTTON
    tool.down(press(event))
    isPanning.current = hadSpace
  }

  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') setPointer(frame.at(event))
    if (touches.current.has(event.pointerId)) touches.current.set(event.pointerId, frame.at(event))
    const [a, b] = touches.current.values()
    if (fingers.current && a && b) frame.look(pinch(fingers.current.view, fingers.current.from, [a, b]))
    else if (held.current === event.pointerId) tool.move(press(event))
  }

  const onPointerUp = (event: PointerEvent) => {
    touches.current.delete(event.pointerId)
    // The finger that stays behind after a zoom draws nothing.
    if (!touches.current.size) fingers.current = null
    if (held.current !== event.pointerId) return
    held.current = null
    if (tool.isBusy) tool.up(press(event))
  }

  const onPointerCancel = (event: PointerEvent) => {
    touches.current.delete(event.pointerId)
    if (!touches.current.size) fingers.current = null
    if (held.current !== event.pointerId) return
    held.current = null
    tool.cancel()
  }

  const handlers = {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel,
    onPointerLeave: () => setPointer(null),
  }
  return { handlers, pointer, hasSpace }
}
