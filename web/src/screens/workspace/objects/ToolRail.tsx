import { useLingui } from '@lingui/react/macro'
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCopyPlus, IconPointer, IconSquarePlus2, IconTrash, IconZoomScan } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type KeyAction, keyName } from '../../../kernel/keymap'
import styles from './Objects.module.css'
import type { Objects } from './useObjects'

/** The tools, and what is done with the selection; each is also a key. */
export function ToolRail({ keys, session }: { keys: KeyAction[]; session: Objects['session'] }) {
  const { t } = useLingui()
  const hasSelection = session.selection.length > 0
  const button = (id: string, icon: ReactNode, pressed?: boolean, disabled = false) => {
    const action = keys.find((each) => each.id === id)
    const key = keyName(action?.keys[0] ?? '')
    return (
      <Tooltip label={`${action?.title} (${key})`} position="right">
        <ActionIcon
          variant={pressed ? 'filled' : 'default'}
          size={34}
          aria-label={action?.title}
          aria-pressed={pressed}
          disabled={disabled}
          // Focus stays on the asset, so that its keys go on working.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => action?.run()}
        >
          {icon}
        </ActionIcon>
      </Tooltip>
    )
  }
  return (
    <div className={styles.rail} role="toolbar" aria-label={t`Tools`}>
      {button('draw', <IconSquarePlus2 size={18} />, session.mode === 'draw')}
      {button('select', <IconPointer size={18} />, session.mode === 'select')}
      {button('zoom-selection', <IconZoomScan size={18} />)}
      {button('duplicate', <IconCopyPlus size={18} />, undefined, !hasSelection)}
      {button('delete', <IconTrash size={18} />, undefined, !hasSelection)}
    </div>
  )
}
