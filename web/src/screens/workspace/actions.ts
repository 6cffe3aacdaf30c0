import { useLingui } from '@lingui/react/macro'
import type { RefObject } from 'react'
import type { LabelClass } from '../../api/types'
import { type KeyAction, normalKey, RESERVED_KEYS } from '../../kernel/keymap'
import type { WorkStream } from '../../kernel/stream'
import type { ZoomSlot } from '../../modalities/kind'

/** The keys that mean a class: a digit works on every keyboard layout, shifted or not, and on the number pad. */
export function keysOf(hotkey: string | null): string[] {
  if (!hotkey || RESERVED_KEYS.has(normalKey(hotkey))) return []
  if (/^\d$/.test(hotkey)) return [`[Shift]+${hotkey}`, `Digit${hotkey}`, `Numpad${hotkey}`]
  return /^\p{L}$/u.test(hotkey) ? [hotkey] : [`[Shift]+${hotkey}`]
}

export function useClassActions(classes: readonly LabelClass[], choose: (name: string) => void): KeyAction[] {
  const { t } = useLingui()
  return classes.map(({ name, title, hotkey }) => ({
    id: `class ${name}`,
    keys: keysOf(hotkey),
    title: title || name,
    group: t`Answer`,
    run: () => choose(name),
  }))
}

export type Side = 'instructions' | 'keys' | null

type Wiring = {
  stream: WorkStream
  zoom: ZoomSlot
  side: RefObject<Side>
  show: (side: Side) => void
  skip: () => void
  /** Before the way back; true when the key had something nearer to do. */
  onBack?: () => boolean
  onEscape?: () => boolean
}

/** What works in every mode of the workspace. */
export function useCommonActions({ stream, zoom, side, show, skip, onBack, onEscape }: Wiring): KeyAction[] {
  const { t } = useLingui()
  const toggle = (wanted: Side) => () => show(side.current === wanted ? null : wanted)
  const work = t`Work`
  const view = t`View`
  return [
    {
      id: 'back',
      keys: ['Backspace'],
      title: t`Back to the last one`,
      group: work,
      run: () => {
        if (!onBack?.()) void stream.back()
      },
    },
    { id: 'undo', keys: ['$mod+z'], title: t`Undo`, group: work, run: () => void stream.undo() },
    { id: 'redo', keys: ['$mod+Shift+z', '$mod+y'], title: t`Redo`, group: work, run: () => void stream.redo() },
    { id: 'skip', keys: ['s', 'Alt+s'], title: t`Skip`, group: work, run: skip, yields: true },
    { id: 'zoom-in', keys: ['[Shift]++', '='], title: t`Larger`, group: view, run: () => zoom.current?.in() },
    { id: 'zoom-out', keys: ['-'], title: t`Smaller`, group: view, run: () => zoom.current?.out() },
    {
      id: 'fit',
      keys: ['0', 'Home'],
      title: t`Whole asset`,
      group: view,
      run: () => zoom.current?.fit(),
      yields: true,
    },
    {
      id: 'instructions',
      keys: ['i', 'Alt+i'],
      title: t`Instructions`,
      group: view,
      run: toggle('instructions'),
      yields: true,
    },
    { id: 'keys', keys: ['[Shift]+?'], title: t`Keys of this place`, group: view, run: toggle('keys') },
    { id: 'close', keys: ['Escape'], title: t`Close the panel`, group: view, run: () => !onEscape?.() && show(null) },
  ]
}
