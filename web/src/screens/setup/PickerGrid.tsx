import { useLingui } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { IconCheck } from '@tabler/icons-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { Asset, Id } from '../../api/types'
import { Thumb } from '../common/Thumb'
import styles from './ExamplePicker.module.css'
import { placeAfter } from './picking'

const OPTION_PX = 118

type Props = {
  assets: readonly Asset[]
  chosen: readonly Id[]
  /** Examples of this section already; once will do. */
  taken: readonly Id[]
  toggle: (asset: Asset) => void
  /** Fetches the next page, if there is one that nobody fetches. */
  more: (() => void) | null
}

/** Options that one walks through with the arrow keys: one of them at a time has the focus. */
export function PickerGrid({ assets, chosen, taken, toggle, more }: Props) {
  const { t } = useLingui()
  const size = useElementSize()
  const grid = useRef<HTMLDivElement>(null)
  const ref = useMergedRef(grid, size.ref)
  const [focused, setFocused] = useState(0)
  const at = Math.min(focused, assets.length - 1)
  const columns = Math.max(2, Math.floor(size.width / OPTION_PX))
  const move = (event: KeyboardEvent) => {
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      const asset = assets[at]
      if (asset && !taken.includes(asset.id)) toggle(asset)
      return
    }
    const to = placeAfter(event.key, at, columns, assets.length)
    if (to === null) return
    event.preventDefault()
    if (to >= assets.length - columns) more?.()
    setFocused(to)
    const option = grid.current?.children[to] as HTMLElement | undefined
    option?.focus()
    option?.scrollIntoView?.({ block: 'nearest' })
  }
  return (
    <div
      ref={ref}
      role="listbox"
      aria-multiselectable
      aria-label={t`Assets`}
      className={styles.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      onKeyDown={move}
      tabIndex={-1}
    >
      {assets.map((asset, place) => {
        const isTaken = taken.includes(asset.id)
        const isChosen = chosen.includes(asset.id)
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list answers the keys of all its options
          <div
            key={asset.id}
            role="option"
            aria-selected={isChosen}
            aria-disabled={isTaken || undefined}
            aria-label={isTaken ? t`${asset.name}, an example already` : asset.name}
            tabIndex={place === at ? 0 : -1}
            className={styles.option}
            onFocus={() => setFocused(place)}
            onClick={() => !isTaken && toggle(asset)}
          >
            {asset.media.text === null ? (
              <span className={styles.picture}>
                <Thumb asset={asset} size={92} />
              </span>
            ) : (
              <span className={styles.text} dir="auto">
                {asset.media.text.slice(0, 160)}
              </span>
            )}
            <Text size="xs" className="quiet" truncate maw="100%" component="span">
              {asset.name}
            </Text>
            {isChosen && (
              <span className={styles.mark}>
                <IconCheck size={14} aria-hidden />
              </span>
            )}
          </div>
        )
      })}
    </div>
  )
}
