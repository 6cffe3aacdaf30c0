import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Text, TextInput } from '@mantine/core'
import { IconCheck, IconPhotoOff, IconPhotoPlus, IconTrash, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { Asset, Example, Fault, Id } from '../../api/types'
import { Thumb } from '../common/Thumb'
import { ExamplePicker } from './ExamplePicker'
import { faultAt } from './faults'
import styles from './Sections.module.css'
import { type ExampleSide, MOST_EXAMPLES } from './sections'

type Props = {
  side: ExampleSide
  /** Of the section, for people. */
  number: number
  where: string
  examples: readonly Example[]
  /** Examples of the whole section. */
  taken: readonly Id[]
  change: (examples: Example[]) => void
  dataset: Id | null
  assets: ReadonlyMap<Id, Asset>
  remember: (assets: readonly Asset[]) => void
  faults: readonly Fault[]
}

/** The good or the bad examples of a section, each with what it shows. */
export function ExampleList({
  side,
  number,
  where,
  examples,
  taken,
  change,
  dataset,
  assets,
  remember,
  faults,
}: Props) {
  const { t } = useLingui()
  const [isPicking, setPicking] = useState(false)
  // Where the eye is after choosing: at the first of the new examples, which waits for its caption.
  const [fresh, setFresh] = useState<number | null>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const close = () => {
    setPicking(false)
    opener.current?.focus()
  }
  const isGood = side === 'good'
  const room = MOST_EXAMPLES - examples.length
  const take = (chosen: readonly Asset[]) => {
    remember(chosen)
    setFresh(examples.length)
    change([...examples, ...chosen.map(({ id }) => ({ asset_id: id, caption: '' }))])
    setPicking(false)
  }
  return (
    <div>
      <p className={styles.side} data-side={side}>
        {isGood ? <IconCheck size={15} aria-hidden /> : <IconX size={15} aria-hidden />}
        {isGood ? <Trans>Good examples</Trans> : <Trans>Not like this</Trans>}
      </p>
      <ul className={styles.examples}>
        {examples.map((example, place) => (
          <ExampleRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the same asset may stand there twice until it is put right
            key={place}
            example={example}
            isFresh={place === fresh}
            asset={assets.get(example.asset_id)}
            fault={faultAt(faults, `${where}.${place}.asset_id`)}
            label={isGood ? t`Caption of good example ${place + 1}` : t`Caption of bad example ${place + 1}`}
            removeLabel={isGood ? t`Remove good example ${place + 1}` : t`Remove bad example ${place + 1}`}
            caption={(caption) =>
              change(examples.map((each, other) => (other === place ? { ...each, caption } : each)))
            }
            remove={() => change(examples.filter((_, other) => other !== place))}
          />
        ))}
      </ul>
      <Button
        ref={opener}
        mt={examples.length ? 6 : 0}
        size="compact-sm"
        variant="default"
        disabled={dataset === null || room < 1}
        leftSection={<IconPhotoPlus size={14} />}
        aria-label={
          isGood
            ? t`Choose from the data: good examples for section ${number}`
            : t`Choose from the data: bad examples for section ${number}`
        }
        onClick={() => setPicking(true)}
      >
        <Trans>Choose from the data</Trans>
      </Button>
      {isPicking && dataset !== null && (
        <ExamplePicker dataset={dataset} picking={{ side, taken, room }} take={take} close={close} />
      )}
    </div>
  )
}

type RowProps = {
  example: Example
  isFresh: boolean
  asset: Asset | undefined
  fault: string | undefined
  label: string
  removeLabel: string
  caption: (caption: string) => void
  remove: () => void
}

function ExampleRow({ example, isFresh, asset, fault, label, removeLabel, caption, remove }: RowProps) {
  const { t } = useLingui()
  return (
    <li className={styles.example}>
      {asset ? <Thumb asset={asset} size={44} /> : <IconPhotoOff size={44} stroke={1.1} aria-hidden />}
      <div>
        <TextInput
          size="xs"
          aria-label={label}
          placeholder={t`What does it show?`}
          value={example.caption}
          autoFocus={isFresh}
          maxLength={500}
          error={fault}
          onChange={({ currentTarget }) => caption(currentTarget.value)}
        />
        {asset && !fault && (
          <Text size="xs" className="quiet" truncate>
            {asset.media.text === null ? asset.name : asset.media.text.slice(0, 80)}
          </Text>
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={removeLabel} onClick={remove}>
        <IconTrash size={15} />
      </ActionIcon>
    </li>
  )
}
