import { i18n } from '@lingui/core'

/** Digits after the point of a currency, as ISO 4217 has them: 2 for the euro, 0 for the yen. */
export function minorDigits(currency: string): number {
  if (!isCurrency(currency)) return 2
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** An amount in minor units as people write it. */
export function money(minor: number, currency: string, locale = i18n.locale || 'en'): string {
  const amount = minor / 10 ** minorDigits(currency)
  if (!isCurrency(currency)) return new Intl.NumberFormat(locale).format(amount)
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount)
}

/** The same amount in minor units of another currency: 5.00 EUR are 5 JPY, for whoever chose the wrong one first. */
export const inCurrency = (minor: number | null, from: string, to: string): number | null =>
  minor === null ? null : Math.round(minor * 10 ** (minorDigits(to) - minorDigits(from)))

export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code)

/** Every currency that the browser knows, the most used ones first. */
export function currencies(): string[] {
  const first = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CNY', 'INR']
  return [...first, ...Intl.supportedValuesOf('currency').filter((code) => !first.includes(code))]
}
