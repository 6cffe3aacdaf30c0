import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Fault } from '../../api/types'
import { faultAt } from '../setup/faults'
import { moved } from '../setup/moved'
import { type DraftClass, keyed } from '../setup/sections'
import styles from './ClassesStep.module.css'
import { ClassRow } from './ClassRow'
import { classesFromList, classFaults, withClass } from './classes'
import { PasteList } from './PasteList'

type Props = {
  classes: DraftClass[]
  change: (classes: DraftClass[]) => void
  faults: readonly Fault[]
  /** Answers are objects with a class each. */
  ofObjects: boolean
}

/** The faults of the classes in the language that is spoken. */
export function useClassFaults(classes: readonly DraftClass[], least: 1 | 2): Fault[] {
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
  const general = faultAt(faults, 'classes')
  const named = classes.filter(({ name }) => name)
  const edit = (key: string, part: Partial<DraftClass>) =>
    change(classes.map((each) => (each.key === key ? { ...each, ...part } : each)))
  const add = () => change([...classes, ...withClass(classes, '').slice(-1).map(keyed)])
  const paste = (text: string) => change([...named, ...classesFromList(text, named).slice(named.length).map(keyed)])
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
        <PasteList add={paste} />
      </Group>
      {classes.length > 0 && (
        <div className={styles.head} aria-hidden>
          <span className={styles.name}>
            <Trans>Name in the data</Trans>
          </span>
          <span className={styles.name}>
            <Trans>What people read</Trans>
          </span>
          <span className={styles.key}>
            <Trans>Key</Trans>
          </span>
          <span className={styles.description}>
            <Trans>When to use it</Trans>
          </span>
        </div>
      )}
      <Stack gap="xs" component="ul" p={0} m={0}>
        {classes.map((each, row) => (
          <ClassRow
            key={each.key}
            row={row}
            count={classes.length}
            value={each}
            faults={faults}
            edit={(part) => edit(each.key, part)}
            move={(by) => change(moved(classes, row, by))}
            remove={() => change(classes.filter(({ key }) => key !== each.key))}
          />
        ))}
      </Stack>
      <Group>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={add}>
          {classes.length ? t`Add a class` : t`Add the first class`}
        </Button>
      </Group>
      {general && (
        <Text size="sm" c="var(--bad)" role="alert">
          {general}
        </Text>
      )}
    </Stack>
  )
}
