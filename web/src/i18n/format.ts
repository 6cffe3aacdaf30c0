import { i18n } from '@lingui/core'

const DASH = '–'

/** How numbers, shares and moments are written in a language. Probabilities come as floats and are shown as percentages. */
export function formatter(locale: string) {
  const share = (digits: number) =>
    new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })
  const sure = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 3 })
  const plain = new Intl.NumberFormat(locale)
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  return {
    number: (value: number | null) => (value === null ? DASH : plain.format(value)),
    compact: (value: number) => compact.format(value),
    percent: (value: number | null, digits = 1) => (value === null ? DASH : share(digits).format(value)),
    /** 95 %, and 99.9 % where it is not 100. */
    confidence: (value: number) => sure.format(value),
    /** Errors are small: enough digits that a bound never reads as less than it is. */
    errorBound: (value: number | null) => {
      if (value === null) return DASH
      const digits = value !== 0 && value < 0.1 ? 2 : 1
      const step = 10 ** (digits + 2)
      return share(digits).format(Math.max(0, Math.ceil(value * step - 1e-9) / step))
    },
    seconds: (value: number | null) =>
      value === null
        ? DASH
        : new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }).format(value),
    bytes: (value: number | null) => {
      if (value === null) return DASH
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
      const step = Math.min(Math.floor(Math.log(Math.max(value, 1)) / Math.log(1000)), units.length - 1)
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: units[step],
        unitDisplay: 'short',
        maximumFractionDigits: step ? 1 : 0,
      }).format(value / 1000 ** step)
    },
    exact: (moment: string) => exact.format(new Date(moment)),
    ago: (moment: string | number, now = Date.now()) => {
      const seconds = (new Date(moment).getTime() - now) / 1000
      const steps: [Intl.RelativeTimeFormatUnit, number][] = [
        ['day', 86_400],
        ['hour', 3_600],
        ['minute', 60],
      ]
      const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
      return relative.format(Math.round(seconds / size), unit)
    },
    /** 0:41, 12:05, 1:02:03. */
    clock: (ms: number) => {
      const total = Math.floor(ms / 1000)
      const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
      const tail = `${String(minutes).padStart(hours ? 2 : 1, '0')}:${String(seconds).padStart(2, '0')}`
      return hours ? `${hours}:${tail}` : tail
    },
  }
}

const made = new Map<string, ReturnType<typeof formatter>>()

/** The formats of the language that is spoken now. */
export function useFormat(): ReturnType<typeof formatter> {
  const locale = i18n.locale || 'en'
  const known = made.get(locale) ?? formatter(locale)
  made.set(locale, known)
  return known
}
