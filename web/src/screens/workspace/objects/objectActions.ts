import { useLingui } from '@lingui/react/macro'
import { around } from '../../../geometry/boxes'
import type { KeyAction } from '../../../kernel/keymap'
import type { Objects } from './useObjects'

const STEPS = { '': 1, Shift: 10, $mod: 50 } as const
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const

/** What keys and buttons do with objects. */
export function useObjectActions({ objects, zoom, hand, bench }: Objects): KeyAction[] {
  const { t } = useLingui()
  const tools = t`Tools`
  const edit = t`Objects`
  const setMode = (mode: 'draw' | 'select') => () => {
    hand.current?.cancel()
    objects.session.setState({ mode })
  }
  const one = (id: string, keys: string[], title: string, group: string, run: () => void): KeyAction => ({
    id,
    keys,
    title,
    group,
    run,
    yields: keys.length > 1,
  })
  return [
    one('draw', ['b', 'Alt+b'], t`Draw boxes`, tools, setMode('draw')),
    one('select', ['v', 'Alt+v'], t`Select`, tools, setMode('select')),
    one('by-keys', ['n', 'Alt+n'], t`Draw by keyboard: arrows, Enter, arrows, Enter`, tools, () =>
      hand.current?.startByKeys(),
    ),
    one('zoom-selection', ['z', 'Alt+z'], t`Zoom to the selection`, tools, () => showSelection(objects, zoom, bench)),
    one('delete', ['Delete'], t`Delete the selection`, edit, () => objects.remove()),
    one('duplicate', ['$mod+d'], t`Duplicate`, edit, () => objects.duplicate()),
    one('copy', ['$mod+c'], t`Copy`, edit, () => objects.copy()),
    one('paste', ['$mod+v'], t`Paste`, edit, () => objects.paste()),
    one('select-all', ['$mod+a'], t`Select all`, edit, () => objects.selectAll()),
    one('hide', ['h', 'Alt+h'], t`Hide or show the selection`, edit, () => objects.hide()),
    one('lock', ['l', 'Alt+l'], t`Lock or unlock the selection`, edit, () => objects.lock()),
    ...Object.entries(STEPS).flatMap(([held, pixels]) =>
      Object.entries(ARROWS).map(([arrow, [dx, dy]], place) => ({
        id: `move ${held}${arrow}`,
        keys: [held ? `${held}+${arrow}` : arrow],
        title: t`Arrows: move by ${pixels} px`,
        isUnlisted: place > 0,
        group: edit,
        repeats: true,
        run: () => hand.current?.arrow({ dx: dx * pixels, dy: dy * pixels }),
      })),
    ),
  ]
}

export function useProposalActions({ objects }: Objects): KeyAction[] {
  const { t } = useLingui()
  const group = t`Proposals`
  return [
    {
      id: 'accept-one',
      keys: ['a', 'Alt+a'],
      title: t`Take the selected or next proposal`,
      group,
      run: () => objects.accept(),
      yields: true,
    },
    { id: 'accept-all', keys: ['Shift+a'], title: t`Take all proposals shown`, group, run: () => objects.acceptAll() },
  ]
}

export function showSelection(objects: Objects['objects'], zoom: Objects['zoom'], bench: Objects['bench']): void {
  const { selection } = objects.session.getState()
  const proposed = new Map((bench?.proposals ?? []).map(({ id, annotation }) => [id, annotation.payload]))
  const payloads = selection.flatMap((id) => objects.payload(id) ?? proposed.get(id) ?? [])
  const part = around(payloads.map((payload) => objects.editor.bounds(payload as never)))
  if (part) zoom.current?.show?.(part)
  else zoom.current?.fit()
}
