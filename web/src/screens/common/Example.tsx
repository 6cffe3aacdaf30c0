import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import type { ShownExample } from '../../api/types'
import styles from './Instructions.module.css'

/** Small ones are shown as they are, pixel by pixel. */
const SMALL_PX = 96
const MOST_TEXT = 4_000

/** One example: a picture or a text that grows when it is pressed, and what it shows. */
export function Example({ example, side }: { example: ShownExample; side: 'good' | 'bad' }) {
  const { t } = useLingui()
  const [isLarge, setLarge] = useState(false)
  const { asset, caption } = example
  const { media } = asset
  const name = caption || asset.name
  return (
    <li data-large={isLarge || undefined}>
      <figure className={styles.example} data-side={side}>
        <button
          type="button"
          className={styles.picture}
          aria-expanded={isLarge}
          aria-label={isLarge ? t`Smaller: ${name}` : t`Larger: ${name}`}
          // Focus stays where it was, so that the keys of the workspace still work.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setLarge(!isLarge)}
        >
          {media.text === null ? (
            <img
              src={(isLarge ? media.url : (media.thumbnail_url ?? media.url)) ?? ''}
              alt=""
              loading="lazy"
              style={{ imageRendering: (media.width ?? SMALL_PX) < SMALL_PX ? 'pixelated' : 'auto' }}
            />
          ) : (
            <span className={styles.said} dir="auto">
              {media.text.slice(0, MOST_TEXT)}
            </span>
          )}
        </button>
        {caption && <figcaption dir="auto">{caption}</figcaption>}
      </figure>
    </li>
  )
}
