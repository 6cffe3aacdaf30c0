import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { MemoryRouter } from 'react-router'
import { vi } from 'vitest'

/** Show a part of a screen in English, as it stands in the app, before a server that answers by `METHOD /path`. */
export function show(element: ReactElement, answer: (asked: string, body: unknown) => unknown) {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }))
  vi.stubGlobal('ResizeObserver', NoSizes)
  Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true })
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit) => {
    const found = answer(`${method} ${path.replace(/^\/api/, '')}`, body ? JSON.parse(String(body)) : null)
    return found === undefined ? Response.json({ code: 'test.unknown' }, { status: 404 }) : Response.json(found)
  })
  i18n.loadAndActivate({ locale: 'en', messages: {} })
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={cache}>
        <MantineProvider env="test">
          <MemoryRouter>{children}</MemoryRouter>
        </MantineProvider>
      </QueryClientProvider>
    </I18nProvider>
  )
  return { cache, ...render(element, { wrapper }) }
}

class NoSizes implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
