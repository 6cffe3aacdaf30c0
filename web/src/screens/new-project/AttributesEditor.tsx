import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Attribute, Fault } from '../../api/types'
import styles from './AttributesEditor.module.css'
import { attributeFaults, moved, newAttribute, ofType, optionsOf } from './attributes'

/** The faults of the attributes in the language that is spoken. */
export function useAttributeFaults(attributes: readonly Attribute[], classes: readonly string[]): Fault[] {
  const { t } = useLingui()
  return attributeFaults(attributes, classes, {
    empty: t`An attribute needs a name.`,
    twice: t`This name is used twice.`,
    noOptions: t`At least one option is needed to choose from.`,
    limits: t`The least is more than the most.`,
    noClass: t`Choose a class that has it, or leave this empty for all.`,
  })
}

type Props = {
  attributes: readonly Attribute[]
  change: (attributes: Attribute[]) => void
  classes: readonly string[]
  faults: readonly Fault[]
}

/** What else is said of each object: type, options, whether it must be, and of which classes. */
export function AttributesEditor({ attributes, change, classes, faults }: Props) {
  return (
    <Stack gap="xs">
      <div>
        <Title order={3} size="h5">
          <Trans>What else is said of each object?</Trans>
        </Title>
        <Text className="quiet" size="sm">
          <Trans>Attributes, such as whether something is cut off. Leave them out if the class says it all.</Trans>
        </Text>
      </div>
      <Stack gap="sm" component="ul" p={0} m={0}>
        {attributes.map((attribute, row) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: an attribute has no identity before it has a name
            key={row}
            row={row}
            count={attributes.length}
            value={attribute}
            classes={classes}
            faults={faults.filter(({ where }) => where === String(row))}
            edit={(next) => change(attributes.map((each, place) => (place === row ? next : each)))}
            move={(by) => change(moved(attributes, row, by))}
            remove={() => change(attributes.filter((_, place) => place !== row))}
          />
        ))}
      </Stack>
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={15} />}
          onClick={() => change([...attributes, newAttribute()])}
        >
          <Trans>Add an attribute</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

type RowProps = {
  row: number
  count: number
  value: Attribute
  classes: readonly string[]
  faults: readonly Fault[]
  edit: (attribute: Attribute) => void
  move: (by: -1 | 1) => void
  remove: () => void
}

function Row({ row, count, value, classes, faults, edit, move, remove }: RowProps) {
  const { t } = useLingui()
  const number = row + 1
  const said = (...codes: string[]) => faults.find(({ code }) => codes.includes(code))?.message
  const set = (part: Partial<Attribute>) => edit({ ...value, ...part })
  return (
    <li className={styles.attribute}>
      <div className={styles.line}>
        <TextInput
          className={styles.name}
          aria-label={t`Name of attribute ${number}`}
          placeholder={t`Name`}
          value={value.name}
          error={said('name.empty', 'name.twice')}
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
          <Options number={number} value={value} error={said('options.empty')} change={(options) => set({ options })} />
        )}
        {value.type === 'number' && (
          <>
            <Limit
              label={t`At least`}
              value={value.minimum}
              change={(minimum) => set({ minimum })}
              error={said('limits.crossed')}
            />
            <Limit label={t`At most`} value={value.maximum} change={(maximum) => set({ maximum })} />
          </>
        )}
        <MultiSelect
          className={styles.classes}
          size="xs"
          label={t`Classes that have it`}
          placeholder={value.applies_to?.length ? undefined : t`all`}
          data={[...new Set(classes.filter(Boolean))]}
          value={value.applies_to?.filter((name) => classes.includes(name)) ?? []}
          error={said('classes.none')}
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
