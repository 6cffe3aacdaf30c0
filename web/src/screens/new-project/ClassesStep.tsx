import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Popover, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { IconClipboardList, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Fault, LabelClass } from '../../api/types'
import styles from './ClassesStep.module.css'
import { classesFromList, classFaults, withClass } from './classes'

type Props = {
  classes: LabelClass[]
  change: (classes: LabelClass[]) => void
  faults: Fault[]
  /** Answers are objects with a class each. */
  ofObjects: boolean
}

/** The faults of the classes in the language that is spoken. */
export function useClassFaults(classes: LabelClass[], least: 1 | 2): Fault[] {
  const { t } = useLingui()
  const words = {
    empty: t`A class needs a name.`,
    tooFew: least === 2 ? t`At least two classes are needed to choose between.` : t`At least one class is needed.`,
    twice: t`This name is used twice.`,
    hotkeyTwice: t`This key is used twice.`,
    hotkeyReserved: t`This key has a fixed meaning while labelling.`,
    hotkeyLong: t`A key is a single character.`,
  }
  return classFaults(classes, words, least)
}

/** What can be said about an asset: names, colours, keys, and when to use which. */
export function ClassesStep({ classes, change, faults, ofObjects }: Props) {
  const { t } = useLingui()
  const general = faults.filter(({ where }) => where === 'classes')
  const edit = (at: number, part: Partial<LabelClass>) =>
    change(classes.map((each, place) => (place === at ? { ...each, ...part } : each)))
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h4">
            <Trans>Which classes are there?</Trans>
          </Title>
          <Text className="quiet" size="sm">
            {ofObjects ? (
              <Trans>Each has a key and a colour. Say when to use it where two could be confused.</Trans>
            ) : (
              <Trans>
                Each has a key, so that an answer is one stroke. Say when to use it where two could be confused.
              </Trans>
            )}
          </Text>
        </div>
        <PasteList
          add={(text) =>
            change(
              classesFromList(
                text,
                classes.filter(({ name }) => name),
              ),
            )
          }
        />
      </Group>
      <Stack gap="xs" component="ul" p={0} m={0}>
        {classes.map((each, row) => (
          <ClassRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a class has no identity before it has a name
            key={row}
            row={row}
            value={each}
            faults={faults.filter(({ where }) => where === String(row))}
            edit={(part) => edit(row, part)}
            remove={() => change(classes.filter((_, place) => place !== row))}
          />
        ))}
      </Stack>
      <Group>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => change(withClass(classes, ''))}>
          {classes.length ? t`Add a class` : t`Add the first class`}
        </Button>
      </Group>
      {classes.length > 0 &&
        general.map(({ code, message }) => (
          <Text key={code} size="sm" className="quiet">
            {message}
          </Text>
        ))}
    </Stack>
  )
}

type RowProps = {
  row: number
  value: LabelClass
  faults: Fault[]
  edit: (part: Partial<LabelClass>) => void
  remove: () => void
}

function ClassRow({ row, value, faults, edit, remove }: RowProps) {
  const { t } = useLingui()
  const [nameFault, hotkeyFault] = ['name.', 'hotkey.'].map(
    (start) => faults.find(({ code }) => code.startsWith(start))?.message,
  )
  const number = row + 1
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
        error={nameFault}
        autoFocus={!value.name}
        maxLength={200}
        onChange={({ currentTarget }) => edit({ name: currentTarget.value })}
      />
      <TextInput
        className={styles.key}
        aria-label={t`Key of class ${number}`}
        placeholder={t`Key`}
        value={value.hotkey ?? ''}
        error={hotkeyFault}
        maxLength={2}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onChange={({ currentTarget }) => edit({ hotkey: currentTarget.value.trim() || null })}
      />
      <TextInput
        className={styles.description}
        aria-label={t`Description of class ${number}`}
        placeholder={t`When to use it`}
        value={value.description}
        maxLength={2000}
        onChange={({ currentTarget }) => edit({ description: currentTarget.value })}
      />
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`Remove class ${number}`} onClick={remove}>
        <IconTrash size={16} />
      </ActionIcon>
    </li>
  )
}

function PasteList({ add }: { add: (text: string) => void }) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover width={300} position="bottom-end" trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconClipboardList size={15} />} onClick={() => setOpen(!isOpen)}>
          <Trans>Paste a list</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Textarea
            label={t`One class a line`}
            description={t`After a colon: when to use it`}
            autosize
            minRows={4}
            maxRows={12}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <Button
            disabled={!text.trim()}
            onClick={() => {
              add(text)
              setText('')
              setOpen(false)
            }}
          >
            <Trans>Add these</Trans>
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
