import '@mantine/core/styles.css'
import './theme/global.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { Problem, whenSignedOut } from './api/client'
import { SESSION } from './api/session'
import { preferredLanguage, speak } from './i18n'
import { router } from './routes'
import { watchForMissingParts } from './screens/shell/outdated'
import { theme } from './theme/theme'

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, cause) => cause instanceof Problem && cause.retryable && failures < 3,
    },
  },
})

watchForMissingParts()
whenSignedOut(() => cache.setQueryData(SESSION, null))

async function start(): Promise<void> {
  await speak(preferredLanguage())
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={cache}>
          <MantineProvider theme={theme} defaultColorScheme="auto">
            <RouterProvider router={router} />
          </MantineProvider>
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}

void start()
