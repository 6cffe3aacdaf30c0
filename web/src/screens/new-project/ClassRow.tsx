import { useLingui } from '@lingui/react/macro'
import { ActionIcon, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { Fault } from '../../api/types'
import { faultAt } from '../setup/faults'
import type { DraftClass } from '../setup/sections'
import styles from './ClassesStep.module.css'

type Props = {
  row: number
  count: number
  value: DraftClass
  faults: readonly Fault[]
  edit: (part: Partial<DraftClass>) => void
  move: (by: -1 | 1) => void
  remove: () => void
}

/** One class under the hand: colour, name in the data, name on the screen, key, and when to use it. */
export function ClassRow({ row, count, value, faults, edit, move, remove }: Props) {
  const { t } = useLingui()
  const number = row + 1
  const at = (field: string) => faultAt(faults, `classes.${row}.${field}`)
  return (
    <li className={styles.row}>
      <input
        type="color"
        className={styles.color}
        aria-label={t`Colour of class ${number}`}
        value={value.color ?? '#888888'}
        onChange={({ currentTarget }) => edit({ color: currentTarget.value })}
      />
      <TextInput
        className={styles.name}
        aria-label={t`Name of class ${number}`}
        placeholder={t`Name`}
        value={value.name}
        error={at('name')}
        autoFocus={!value.name}
        maxLength={100}
        onChange={({ currentTarget }) => edit({ name: currentTarget.value })}
      />
      <TextInput
        className={styles.name}
        aria-label={t`What people read for class ${number}`}
        placeholder={value.name || t`What people read`}
        value={value.title ?? ''}
        error={at('title')}
        maxLength={200}
        onChange={({ currentTarget }) => edit({ title: currentTarget.value || null })}
      />
      <TextInput
        className={styles.key}
        aria-label={t`Key of class ${number}`}
        placeholder={t`Key`}
        value={value.hotkey ?? ''}
        error={at('hotkey')}
        maxLength={2}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onChange={({ currentTarget }) => edit({ hotkey: currentTarget.value.trim() || null })}
      />
      <TextInput
        className={styles.description}
        aria-label={t`Description of class ${number}`}
        placeholder={t`When to use it`}
        value={value.description}
        error={at('description')}
        maxLength={2000}
        onChange={({ currentTarget }) => edit({ description: currentTarget.value })}
      />
      <div className={styles.tools}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          disabled={row === 0}
          aria-label={t`Move class ${number} up`}
          onClick={() => move(-1)}
        >
          <IconArrowUp size={16} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          disabled={number === count}
          aria-label={t`Move class ${number} down`}
          onClick={() => move(1)}
        >
          <IconArrowDown size={16} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`Remove class ${number}`} onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
    </li>
  )
}
