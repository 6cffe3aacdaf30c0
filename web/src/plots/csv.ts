import type { PlotData } from './specs'

/** A cell as RFC 4180 wants it; one that a spreadsheet would run as a formula gets a quote in front. */
function cell(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function toCsv({ columns, rows }: Pick<PlotData, 'columns' | 'rows'>): string {
  const lines = [columns.map(({ key }) => key), ...rows.map((row) => columns.map(({ key }) => cell(row[key])))]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}
