import { Box } from '@mantine/core'
import { IconFileText } from '@tabler/icons-react'
import type { Asset } from '../../api/types'

/** A small picture of an asset; its name stands beside it, so it says nothing to a screen reader. */
export function Thumb({ asset, size = 40 }: { asset: Asset; size?: number }) {
  const { media } = asset
  const isImage = media.media_type.startsWith('image/') && media.url
  return (
    <Box w={size} h={size} style={{ flex: 'none', display: 'grid', placeItems: 'center', background: 'var(--page)' }}>
      {isImage ? (
        <img
          src={media.thumbnail_url ?? media.url ?? ''}
          alt=""
          loading="lazy"
          style={{
            width: size,
            height: size,
            objectFit: 'contain',
            imageRendering: (media.width ?? 999) < size * 2 ? 'pixelated' : 'auto',
          }}
        />
      ) : (
        <IconFileText size={18} aria-hidden />
      )}
    </Box>
  )
}
