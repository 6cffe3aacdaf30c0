import { useEffect, useMemo, useRef } from 'react'
import { createKeybindingsHandler, defaultKeybindingsHandlerIgnore } from 'tinykeys'
import { type KeyAction, keymap } from './keymap'

/** Keys that a focused button or link answers itself. */
const PRESSES = new Set(['Enter', ' ', 'Spacebar'])

function isForTheFocused(event: KeyboardEvent): boolean {
  const target = event.target as Element | null
  return PRESSES.has(event.key) && !!target?.closest?.('button, a[href], summary, [role="option"], [role="menuitem"]')
}

/**
 * Let the keys of a place work while it is on the screen, and get them back for hints and the sheet of keys.
 *
 * @throws KeyClash as `keymap` does.
 */
export function useKeymap(actions: KeyAction[], enabled = true): KeyAction[] {
  const keys = keymap(actions)
  const latest = useRef(keys)
  latest.current = keys
  // Bindings are remade only when keys change; what they run is always the latest.
  const shape = JSON.stringify(keys.map(({ id, keys: bound, everywhere }) => [id, bound, everywhere]))
  const bindings = useMemo(() => {
    const shaped = JSON.parse(shape) as [string, string[], boolean | undefined][]
    return (inFields: boolean) =>
      Object.fromEntries(
        shaped
          .filter(([, , everywhere]) => Boolean(everywhere) === inFields)
          .flatMap(([id, bound]) =>
            bound.map((key) => [
              key,
              (event: KeyboardEvent) => {
                event.preventDefault()
                latest.current.find((action) => action.id === id)?.run()
              },
            ]),
          ),
      )
  }, [shape])
  useEffect(() => {
    if (!enabled) return
    const handlers = [
      createKeybindingsHandler(bindings(false), {
        ignore: (event) => defaultKeybindingsHandlerIgnore(event) || isForTheFocused(event),
      }),
      createKeybindingsHandler(bindings(true), { ignore: (event) => event.repeat || event.isComposing }),
    ]
    for (const handler of handlers) window.addEventListener('keydown', handler)
    return () => {
      for (const handler of handlers) window.removeEventListener('keydown', handler)
    }
  }, [bindings, enabled])
  return keys
}
