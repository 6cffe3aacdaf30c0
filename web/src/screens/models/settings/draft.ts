/**
 * A model's settings as texts in a form: one for each place in the record, `input.width`. What is empty is left out, so that
 * the server's default holds.
 */
export type Draft = Readonly<Record<string, string>>
export type Adapter = 'onnx' | 'http' | 'label-studio'
type Form = 'text' | 'whole' | 'number' | 'numbers' | 'lines' | 'pairs'
type Json = { [name: string]: unknown }

const COMMON: Record<string, Form> = {
  class_map: 'pairs',
  max_objects: 'whole',
  batch_size: 'whole',
  timeout_s: 'number',
}
const ONNX: Record<string, Form> = {
  ...COMMON,
  'input.name': 'text',
  'input.width': 'whole',
  'input.height': 'whole',
  'input.layout': 'text',
  'input.colors': 'text',
  'input.resize': 'text',
  'input.scale': 'number',
  'input.mean': 'numbers',
  'input.std': 'numbers',
  'input.pad': 'whole',
  'output.class_names': 'lines',
  'output.activation': 'text',
  'output.boxes': 'text',
  'output.scores': 'text',
  'output.labels': 'text',
  'output.layout': 'text',
  'output.box': 'text',
  'output.units': 'text',
  'output.first_label': 'whole',
  'output.min_score': 'number',
  'output.max_overlap': 'number',
}
const HTTP: Record<string, Form> = { ...COMMON, url: 'text', concurrency: 'whole', attempts: 'whole' }
const FORMS: Record<Adapter, Record<string, Form>> = {
  onnx: ONNX,
  http: HTTP,
  'label-studio': { ...HTTP, media: 'text', bare_score: 'number' },
}

/** The texts of settings that are there. */
export function draftOf(adapter: Adapter, settings: Json): Draft {
  return Object.fromEntries(Object.keys(FORMS[adapter]).map((place) => [place, written(at(settings, place))]))
}

/** The settings that the texts say, and the places whose text cannot be read. */
export function settingsOf(adapter: Adapter, draft: Draft): { settings: Json; wrong: string[] } {
  const settings: Json = { adapter }
  const wrong: string[] = []
  for (const [place, form] of Object.entries(FORMS[adapter])) {
    const text = draft[place]?.trim()
    if (!text) continue
    const value = read(form, text)
    if (value === undefined) wrong.push(place)
    else put(settings, place, value)
  }
  return { settings, wrong }
}

/** What holds where nothing is entered, as the server's description of the settings has it. */
export function defaultsOf(adapter: Adapter, schema: Json | null | undefined): Draft {
  const found: Json = {}
  for (const [name, each] of Object.entries((schema?.properties ?? {}) as Record<string, Json>)) {
    if (each.default !== undefined) found[name] = each.default
  }
  return draftOf(adapter, found)
}

function read(form: Form, text: string): unknown {
  if (form === 'text') return text
  if (form === 'whole') return /^\d+$/.test(text) ? Number(text) : undefined
  if (form === 'number') return numberOf(text.replace(',', '.'))
  if (form === 'numbers') {
    const numbers = text
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(numberOf)
    return numbers.includes(undefined) ? undefined : numbers
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  if (form === 'lines') return lines.filter(Boolean)
  const pairs = lines.filter(Boolean).map(pairOf)
  return pairs.includes(null) ? undefined : Object.fromEntries(pairs as [string, string][])
}

const QUOTED = /^("(?:[^"\\]|\\.)*")\s*=\s*("(?:[^"\\]|\\.)*")$/

/** Two names about the last ` = `, else about the only `=`; both in quotes, as JSON has them, can hold anything. */
function pairOf(line: string): [string, string] | null {
  const [, ...quoted] = QUOTED.exec(line) ?? []
  try {
    if (quoted.length) return quoted.map((name) => JSON.parse(name)) as [string, string]
  } catch {
    return null
  }
  const at = line.lastIndexOf(' = ')
  const parts = at < 0 ? line.split('=') : [line.slice(0, at), line.slice(at + 3)]
  const [own = '', ours = '', ...more] = parts.map((part) => part.trim())
  return own && ours && !more.length ? [own, ours] : null
}

/** A pair as it is read again: in quotes only where it would else be read as another. */
function pairLine([own, ours]: [string, unknown]): string {
  const plain = `${own} = ${ours}`
  const [sameOwn, sameOurs] = /[\r\n]/.test(plain) ? [] : (pairOf(plain.trim()) ?? [])
  return sameOwn === own && sameOurs === ours ? plain : `${JSON.stringify(own)} = ${JSON.stringify(ours)}`
}

/** A number, or one number over another: 1/255 is how people say it. */
function numberOf(text: string): number | undefined {
  const [, above, below] = /^([^/]+)(?:\/([^/]+))?$/.exec(text) ?? []
  const value = Number(above?.trim() || Number.NaN) / (below === undefined ? 1 : Number(below.trim() || Number.NaN))
  return Number.isFinite(value) ? value : undefined
}

function written(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.every((each) => typeof each === 'number') ? value.join(' ') : value.join('\n')
  if (typeof value === 'object') return Object.entries(value).map(pairLine).join('\n')
  return value === 1 / 255 ? '1/255' : String(value)
}

const at = (settings: Json, place: string): unknown =>
  place.split('.').reduce<unknown>((inside, name) => (inside as Json | null | undefined)?.[name], settings)

function put(settings: Json, place: string, value: unknown): void {
  const [first = '', second] = place.split('.')
  if (second === undefined) settings[first] = value
  else settings[first] = { ...(settings[first] as Json | undefined), [second]: value }
}
