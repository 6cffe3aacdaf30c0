import '@mantine/core/styles.css'
import '../theme/global.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { messages as en } from '../i18n/locales/en'
import { messages as fr } from '../i18n/locales/fr'
import { theme } from '../theme/theme'
import { ReportPage } from './ReportPage'
import type { Report } from './types'

const language = navigator.language.startsWith('fr') ? 'fr' : 'en'
i18n.loadAndActivate({ locale: language, messages: language === 'fr' ? fr : en })

const written = document.getElementById('report')?.textContent
const root = document.body.appendChild(document.createElement('div'))
if (written) {
  createRoot(root).render(
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <ReportPage report={JSON.parse(written) as Report} />
      </MantineProvider>
    </I18nProvider>,
  )
} else root.textContent = 'This page holds no report: the element with the id “report” is missing.'
