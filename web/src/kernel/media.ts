import { problemOf } from '../api/client'

/** The bytes of an asset, here before they are needed and still here when their link has expired. */
export type LoadedMedia =
  | { state: 'loading' }
  | { state: 'ready'; url: string; blob: Blob }
  | { state: 'failed'; reason: string }

/** Fetches media ahead and keeps them until they are let go. Images become blob addresses, which cannot expire. */
export class MediaShelf {
  private readonly kept = new Map<string, LoadedMedia>()
  private readonly watchers = new Map<string, Set<() => void>>()

  /** Begin to fetch what is not here yet; what failed before is tried again. */
  async fetch(key: string, link: string): Promise<void> {
    const known = this.kept.get(key)
    if (known && known.state !== 'failed') return
    this.put(key, LOADING)
    const media = await load(link)
    if (this.kept.has(key)) this.put(key, media)
    else if (media.state === 'ready') URL.revokeObjectURL(media.url)
  }

  get(key: string): LoadedMedia {
    return this.kept.get(key) ?? LOADING
  }

  watch(key: string, watcher: () => void): () => void {
    const watchers = this.watchers.get(key) ?? new Set()
    this.watchers.set(key, watchers.add(watcher))
    return () => {
      watchers.delete(watcher)
      if (!watchers.size) this.watchers.delete(key)
    }
  }

  /** Let go of everything that is not in `needed`. */
  keepOnly(needed: ReadonlySet<string>): void {
    for (const [key, media] of this.kept) {
      if (needed.has(key)) continue
      if (media.state === 'ready') URL.revokeObjectURL(media.url)
      this.kept.delete(key)
    }
  }

  private put(key: string, media: LoadedMedia): void {
    this.kept.set(key, media)
    for (const watcher of this.watchers.get(key) ?? []) watcher()
  }
}

const LOADING: LoadedMedia = { state: 'loading' }

async function load(link: string): Promise<LoadedMedia> {
  try {
    const response = await fetch(link, { credentials: 'same-origin' })
    if (!response.ok) return { state: 'failed', reason: (await problemOf(response)).message }
    const blob = await response.blob()
    return { state: 'ready', url: URL.createObjectURL(blob), blob }
  } catch {
    return { state: 'failed', reason: 'offline' }
  }
}
