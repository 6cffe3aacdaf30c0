/** How numbers are written on axes, for Vega: d3-format knows no languages, so the browser is asked. */
export function numberLocale(language: string) {
  const parts = new Intl.NumberFormat(language).formatToParts(1_234_567.5)
  const sign = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  const share = new Intl.NumberFormat(language, { style: 'percent' }).formatToParts(0.5)
  return {
    decimal: sign('decimal'),
    thousands: sign('group'),
    grouping: [3],
    currency: ['', ''] as [string, string],
    percent: share
      .filter(({ type }) => type !== 'integer')
      .map(({ value }) => value)
      .join(''),
  }
}
