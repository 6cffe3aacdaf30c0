import { useLingui } from '@lingui/react/macro'
import { ActionIcon, Select, Text, Textarea, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { Asset, Fault, Id } from '../../api/types'
import { ExampleList } from './ExampleList'
import { faultAt } from './faults'
import styles from './Sections.module.css'
import type { DraftClass, DraftSection } from './sections'

type Props = {
  section: DraftSection
  place: number
  count: number
  classes: readonly DraftClass[]
  /** Classes that other sections are about. */
  taken: readonly string[]
  dataset: Id | null
  assets: ReadonlyMap<Id, Asset>
  remember: (assets: readonly Asset[]) => void
  faults: readonly Fault[]
  edit: (part: Partial<DraftSection>) => void
  move: (by: -1 | 1) => void
  remove: () => void
}

const GENERAL = ''

/** One section under the hand. */
export function SectionCard({ section, place, count, classes, taken, edit, move, remove, ...rest }: Props) {
  const { t } = useLingui()
  const { dataset, assets, remember, faults } = rest
  const number = place + 1
  const at = `sections.${place}`
  const whole = faultAt(faults, at)
  const known = classes.filter(({ name }) => name.trim())
  const choices = known.map(({ key, name, title }) => ({
    value: key,
    label: title || name,
    disabled: taken.includes(key),
  }))
  // A class that was taken away is still named, so that its section can be given to another one.
  const isLost = section.about !== null && !known.some(({ key }) => key === section.about)
  const lost = isLost ? [{ value: section.about as string, label: t`a class that is gone`, disabled: true }] : []
  return (
    <li className={styles.card} aria-label={t`Section ${number}`}>
      <div className={styles.line}>
        <Select
          className={styles.about}
          aria-label={t`What section ${number} is about`}
          allowDeselect={false}
          data={[{ value: GENERAL, label: t`everything`, disabled: false }, ...choices, ...lost]}
          value={section.about ?? GENERAL}
          error={faultAt(faults, `${at}.label_class`)}
          onChange={(about) => edit({ about: about || null })}
        />
        <TextInput
          className={styles.title}
          aria-label={t`Title of section ${number}`}
          placeholder={section.about === null ? t`Title` : t`Title, if it needs one`}
          value={section.title}
          autoFocus={section.about === null && !section.title && !section.text}
          maxLength={200}
          error={faultAt(faults, `${at}.title`)}
          onChange={({ currentTarget }) => edit({ title: currentTarget.value })}
        />
        <div className={styles.tools}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            disabled={place === 0}
            aria-label={t`Move section ${number} up`}
            onClick={() => move(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            disabled={number === count}
            aria-label={t`Move section ${number} down`}
            onClick={() => move(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`Remove section ${number}`} onClick={remove}>
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      </div>
      {whole && (
        <Text size="sm" c="var(--bad)" role="alert">
          {whole}
        </Text>
      )}
      <Textarea
        aria-label={t`Text of section ${number}`}
        placeholder={t`When is it this, and when is it not?`}
        autosize
        minRows={2}
        maxRows={14}
        maxLength={10_000}
        value={section.text}
        error={faultAt(faults, `${at}.text`)}
        onChange={({ currentTarget }) => edit({ text: currentTarget.value })}
      />
      <div className={styles.sides}>
        {(['good', 'bad'] as const).map((side) => (
          <ExampleList
            key={side}
            side={side}
            number={number}
            where={`${at}.${side}`}
            examples={section[side]}
            taken={[...section.good, ...section.bad].map(({ asset_id }) => asset_id)}
            change={(examples) => edit({ [side]: examples })}
            dataset={dataset}
            assets={assets}
            remember={remember}
            faults={faults}
          />
        ))}
      </div>
    </li>
  )
}
