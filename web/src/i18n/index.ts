import { i18n } from '@lingui/core'

/** Languages in which every sentence is there. */
export const LANGUAGES = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof LANGUAGES

const KEPT_AS = 'karat-language'

const loaders: Record<Language, () => Promise<{ messages: Parameters<typeof i18n.load>[1] }>> = {
  en: () => import('./locales/en'),
  fr: () => import('./locales/fr'),
}

const isKnown = (code: string | null | undefined): code is Language => !!code && code in LANGUAGES

/** The language that was chosen here, else the first of the browser's that we have. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS)
  if (isKnown(kept)) return kept
  const wanted = navigator.languages.map((tag) => tag.split('-')[0])
  return wanted.find(isKnown) ?? 'en'
}

export async function speak(language: Language): Promise<void> {
  const { messages } = await loaders[language]()
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language)
  await speak(language)
}
