import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Skeleton, Stack, Text } from '@mantine/core'
import type { Asset } from '../../api/types'
import { useMedia } from '../shelf'
import styles from './ImageView.module.css'
import type { ImageFrame } from './useImageFrame'

/** From here on a pixel of the original is large enough to be seen as a square, and is shown as one. */
const PIXELATED_FROM = 2

/** The image where its frame has it, or what stands in for it. */
export function Picture({ asset, frame }: { asset: Asset; frame: ImageFrame }) {
  const { t } = useLingui()
  const { media, retry } = useMedia(asset)
  const { view, pixels } = frame
  if (media.state === 'loading') return <Skeleton className={styles.skeleton} />
  if (media.state === 'failed') {
    return (
      // The frame around it takes hold of the pointer, and a button would never hear that it was let go again.
      <Stack
        align="center"
        justify="center"
        h="100%"
        gap="xs"
        p="md"
        role="alert"
        onPointerDown={(event) => event.stopPropagation()}
      >
        <Text ta="center" style={{ overflowWrap: 'anywhere' }}>{t`The image “${asset.name}” did not arrive.`}</Text>
        <Text size="sm" className="quiet" ta="center" maw={480}>
          {media.reason}
        </Text>
        <Button variant="default" onClick={retry}>
          <Trans>Try again</Trans>
        </Button>
      </Stack>
    )
  }
  if (!frame.isReady) return null
  return (
    <img
      key={asset.id}
      src={media.url}
      alt={t`To label: ${asset.name}`}
      draggable={false}
      onLoad={({ currentTarget }) => frame.onLoad(currentTarget)}
      className={styles.image}
      style={{
        width: pixels.width * view.scale,
        height: pixels.height * view.scale,
        transform: `translate(${view.x}px, ${view.y}px)`,
        imageRendering: view.scale >= PIXELATED_FROM ? 'pixelated' : 'auto',
      }}
    />
  )
}
