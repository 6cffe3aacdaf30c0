import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { type ComponentProps, useEffect, useLayoutEffect, useState } from 'react'
import type { LoadedMedia } from '../../kernel/media'
import type { AssetView } from '../kind'
import { useMedia } from '../shelf'
import styles from './TextView.module.css'

const SIZES = [14, 16, 18, 20, 24, 28, 36]
const USUAL = 2

/** A text at a comfortable measure, in the direction of its own script. */
export const TextView: AssetView = (props) => <Shown {...props} key={props.asset.id} />

function Shown({ asset, zoom }: ComponentProps<AssetView>) {
  const { t } = useLingui()
  const { media, retry } = useMedia(asset)
  const [step, setStep] = useState(USUAL)
  const long = useLongText(media)
  const text = asset.media.text ?? long

  useLayoutEffect(() => {
    zoom.current = {
      in: () => setStep((at) => Math.min(at + 1, SIZES.length - 1)),
      out: () => setStep((at) => Math.max(at - 1, 0)),
      fit: () => setStep(USUAL),
    }
    return () => {
      zoom.current = null
    }
  }, [zoom])

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text must be scrollable by keyboard
    <section className={styles.frame} tabIndex={0} aria-label={asset.name}>
      {text !== null && (
        <p className={styles.text} dir="auto" style={{ fontSize: SIZES[step] }}>
          {text}
        </p>
      )}
      {text === null && media.state !== 'failed' && (
        <Stack className={styles.text} gap="sm">
          <Skeleton height={18} />
          <Skeleton height={18} />
          <Skeleton height={18} width="60%" />
        </Stack>
      )}
      {text === null && media.state === 'failed' && (
        <Stack className={styles.text} align="flex-start" gap="xs">
          <Text>{t`The text “${asset.name}” did not arrive (${media.reason}).`}</Text>
          <Button variant="default" onClick={retry}>
            <Trans>Try again</Trans>
          </Button>
        </Stack>
      )}
    </section>
  )
}

/** A text that was too long to come with its record. */
function useLongText(media: LoadedMedia): string | null {
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    setText(null)
    if (media.state !== 'ready') return
    let stale = false
    void media.blob.text().then((read) => !stale && setText(read))
    return () => {
      stale = true
    }
  }, [media])
  return text
}
