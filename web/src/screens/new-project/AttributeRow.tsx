import { useLingui } from '@lingui/react/macro'
import { ActionIcon, Group, MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Attribute, Fault } from '../../api/types'
import { faultAt, faultsOf } from '../setup/faults'
import type { DraftClass } from '../setup/sections'
import styles from './AttributesEditor.module.css'
import { ofType, optionsOf } from './attributes'

type Props = {
  row: number
  count: number
  value: Attribute
  classes: readonly DraftClass[]
  faults: readonly Fault[]
  edit: (attribute: Attribute) => void
  move: (by: -1 | 1) => void
  remove: () => void
}

/** One attribute under the hand. */
export function AttributeRow({ row, count, value, classes, faults, edit, move, remove }: Props) {
  const { t } = useLingui()
  const number = row + 1
  const at = (field: keyof Attribute) => faultAt(faults, `attributes.${row}.${field}`)
  const named = classes.filter(({ name }) => name.trim())
  const optionFault = at('options') ?? faultsOf(faults, `attributes.${row}.options`)[0]?.message
  const set = (part: Partial<Attribute>) => edit({ ...value, ...part })
  return (
    <li className={styles.attribute}>
      <div className={styles.line}>
        <TextInput
          className={styles.name}
          aria-label={t`Name of attribute ${number}`}
          placeholder={t`Name`}
          value={value.name}
          error={at('name')}
          autoFocus={!value.name}
          maxLength={200}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <Select
          className={styles.type}
          aria-label={t`Type of attribute ${number}`}
          allowDeselect={false}
          data={[
            { value: 'select', label: t`One of a list` },
            { value: 'checkbox', label: value.options.length ? t`Any of a list` : t`Yes or no` },
            { value: 'number', label: t`Number` },
            { value: 'text', label: t`Text` },
          ]}
          value={value.type}
          onChange={(type) => type && edit(ofType(value, type as Attribute['type']))}
        />
        <Group gap={0} wrap="nowrap" ms="auto">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            className={styles.step}
            disabled={row === 0}
            aria-label={t`Move attribute ${number} up`}
            onClick={() => move(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            className={styles.step}
            disabled={number === count}
            aria-label={t`Move attribute ${number} down`}
            onClick={() => move(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t`Remove attribute ${number}`}
            onClick={remove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </div>
      <div className={styles.line}>
        {(value.type === 'select' || value.type === 'checkbox') && (
          <Options number={number} value={value} error={optionFault} change={(options) => set({ options })} />
        )}
        {value.type === 'number' && (
          <>
            <Limit
              label={t`At least`}
              value={value.minimum}
              change={(minimum) => set({ minimum })}
              error={at('minimum')}
            />
            <Limit
              label={t`At most`}
              value={value.maximum}
              change={(maximum) => set({ maximum })}
              error={at('maximum')}
            />
          </>
        )}
        <MultiSelect
          className={styles.classes}
          size="xs"
          label={t`Classes that have it`}
          placeholder={value.applies_to?.length ? undefined : t`all`}
          data={named.map(({ key, name, title }) => ({ value: key, label: title || name }))}
          value={value.applies_to?.filter((key) => named.some((each) => each.key === key)) ?? []}
          error={at('applies_to')}
          onChange={(chosen) => set({ applies_to: chosen.length ? chosen : null })}
        />
        <TextInput
          className={styles.description}
          size="xs"
          label={t`When to say what`}
          value={value.description}
          maxLength={2000}
          onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        />
        <Switch
          className={styles.required}
          size="xs"
          label={t`Must be said`}
          checked={value.required}
          onChange={({ currentTarget }) => set({ required: currentTarget.checked })}
        />
      </div>
    </li>
  )
}

type OptionsProps = { number: number; value: Attribute; error?: string; change: (options: string[]) => void }

function Options({ number, value, error, change }: OptionsProps) {
  const { t } = useLingui()
  // What is typed may have blank lines for a moment; what is kept has none.
  const [typed, setTyped] = useState(value.options.join('\n'))
  const kept = value.options.join('\n')
  const text = optionsOf(typed).join('\n') === kept ? typed : kept
  return (
    <Textarea
      className={styles.options}
      size="xs"
      label={t`Options, one a line`}
      aria-label={t`Options of attribute ${number}, one a line`}
      description={value.type === 'checkbox' ? t`None: yes or no` : undefined}
      autosize
      minRows={2}
      maxRows={8}
      value={text}
      error={error}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        change(optionsOf(currentTarget.value))
      }}
    />
  )
}

type LimitProps = { label: string; value: number | null; error?: string; change: (value: number | null) => void }

function Limit({ label, value, error, change }: LimitProps) {
  return (
    <NumberInput
      className={styles.limit}
      size="xs"
      label={label}
      value={value ?? ''}
      error={error}
      onChange={(typed) => change(typeof typed === 'number' ? typed : null)}
    />
  )
}
