import { useEffect, useMemo, useRef } from 'react'
import { createKeybindingsHandler } from 'tinykeys'
import { type KeyAction, keymap } from './keymap'

/** Keys that a focused button or link answers itself. */
const PRESSES = new Set(['Enter', ' ', 'Spacebar'])
/** Keys that a switch, a radio button or a slider answers itself. */
const STEPS = /^(Arrow|Page|Home|End| |Enter)/
const STEPPED = 'input[type=checkbox], input[type=radio], input[type=range], [role="slider"], [role="tab"]'
const TYPED = '[contenteditable], input, select, textarea'

function isForTheFocused(event: KeyboardEvent): boolean {
  const target = event.target as Element | null
  if (!target?.closest || target === event.currentTarget) return false
  if (target.closest(STEPPED)) return STEPS.test(event.key)
  if (target.closest(TYPED)) return true
  return PRESSES.has(event.key) && !!target.closest('button, a[href], summary, [role="option"], [role="menuitem"]')
}

type Sort = 'once' | 'repeats' | 'everywhere'

const sortOf = ({ everywhere, repeats }: KeyAction): Sort => (everywhere ? 'everywhere' : repeats ? 'repeats' : 'once')

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
  const shape = JSON.stringify(keys.map((action) => [action.id, action.keys, sortOf(action)]))
  const bindings = useMemo(() => {
    const shaped = JSON.parse(shape) as [string, string[], Sort][]
    return (wanted: Sort) =>
      Object.fromEntries(
        shaped
          .filter(([, , sort]) => sort === wanted)
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
      createKeybindingsHandler(bindings('once'), {
        ignore: (event) => event.repeat || event.isComposing || isForTheFocused(event),
      }),
      createKeybindingsHandler(bindings('repeats'), {
        ignore: (event) => event.isComposing || isForTheFocused(event),
      }),
      createKeybindingsHandler(bindings('everywhere'), { ignore: (event) => event.repeat || event.isComposing }),
    ]
    for (const handler of handlers) window.addEventListener('keydown', handler)
    return () => {
      for (const handler of handlers) window.removeEventListener('keydown', handler)
    }
  }, [bindings, enabled])
  return keys
}
