import { useLingui } from '@lingui/react/macro'
import type { KeyAction } from '../../kernel/keymap'

type Hands = { accept: () => void; reject: () => void; move: (by: number) => void }

/** The keys of a verdict. */
export function useReviewActions({ accept, reject, move }: Hands): KeyAction[] {
  const { t } = useLingui()
  const group = t`Verdict`
  return [
    { id: 'accept', keys: ['Enter'], title: t`Accept the selected answer`, group, run: accept },
    {
      id: 'accept-letter',
      keys: ['a', 'Alt+a'],
      title: t`Accept the selected answer`,
      group,
      run: accept,
      yields: true,
    },
    { id: 'reject', keys: ['r', 'Alt+r'], title: t`Reject all answers`, group, run: reject, yields: true },
    { id: 'next-answer', keys: ['ArrowDown'], title: t`Next answer`, group, run: () => move(1) },
    { id: 'last-answer', keys: ['ArrowUp'], title: t`Answer before`, group, run: () => move(-1) },
  ]
}
