import { query, request } from './client'
import type { Page } from './types'

/** A whole list, page by page. */
export async function allPages<T>(path: string): Promise<T[]> {
  const found: T[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Page<T> = await request<Page<T>>(`${path}${query({ limit: 200, cursor })}`)
    found.push(...page.items)
    cursor = page.next_cursor ?? null
    if (cursor === null) return found
  }
}

/** Hand a text to the browser as a file to keep. */
export function saveText(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
