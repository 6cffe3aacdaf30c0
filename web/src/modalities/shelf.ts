import { useEffect, useSyncExternalStore } from 'react'
import type { Asset } from '../api/types'
import { type LoadedMedia, MediaShelf } from '../kernel/media'

/** The one shelf of this tab: what the stream prefetched is what the views show. */
export const shelf = new MediaShelf()

export function prefetch(asset: Asset): void {
  if (asset.media.url) void shelf.fetch(asset.id, asset.media.url)
}

const WAITING: LoadedMedia = { state: 'loading' }

/** The media of an asset, from the shelf, fetched when it is not there. */
export function useMedia(asset: Asset): { media: LoadedMedia; retry: () => void } {
  const { url } = asset.media
  const media = useSyncExternalStore(
    (changed) => shelf.watch(asset.id, changed),
    () => (url ? shelf.get(asset.id) : WAITING),
  )
  useEffect(() => {
    if (url) void shelf.fetch(asset.id, url)
  }, [asset.id, url])
  return { media, retry: () => url && void shelf.fetch(asset.id, url) }
}
