/**
 * Writes the TypeScript types of the API from its OpenAPI document:
 *
 *     node build/apiTypes.ts openapi.json > src/api/generated.ts
 *
 * The document is what the server answers at `/api/openapi.json`.
 */
import { readFileSync } from 'node:fs'

type Schema = {
  $ref?: string
  title?: string
  description?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  prefixItems?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
}

const NAMES: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

const typeName = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '_')

function written(schema: Schema): string {
  if (schema.$ref) return typeName(schema.$ref.split('/').at(-1) ?? '')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map(written))].join(' | ')
  if (schema.allOf) return schema.allOf.map(written).join(' & ')
  if (schema.prefixItems) return `[${schema.prefixItems.map(written).join(', ')}]`
  if (schema.type === 'array') return `(${written(schema.items ?? {})})[]`
  if (schema.properties) return fields(schema)
  if (schema.type === 'object') {
    const values = typeof schema.additionalProperties === 'object' ? written(schema.additionalProperties) : 'unknown'
    return `Record<string, ${values}>`
  }
  return NAMES[schema.type ?? ''] ?? 'unknown'
}

function fields(schema: Schema, isAnswered = false): string {
  // The server writes every field of what it answers, those with a default as well.
  const required = new Set(isAnswered ? Object.keys(schema.properties ?? {}) : schema.required)
  const lines = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `  ${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${written(field)}`,
  )
  return `{\n${lines.join('\n')}\n}`
}

type OpenApi = {
  paths: Record<string, Record<string, { responses?: unknown }>>
  components: { schemas: Record<string, Schema> }
}

/** The names that a part of the document refers to, and what those refer to in turn. */
function reached(part: unknown, { components }: OpenApi, found = new Set<string>()): Set<string> {
  for (const [, name] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (!name || found.has(name)) continue
    found.add(name)
    reached(components.schemas[name], { paths: {}, components }, found)
  }
  return found
}

const document = JSON.parse(readFileSync(process.argv[2] ?? 'openapi.json', 'utf8')) as OpenApi
const answered = reached(
  Object.values(document.paths).flatMap((path) => Object.values(path).map(({ responses }) => responses)),
  document,
)
const types = Object.entries(document.components.schemas)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, schema]) => {
    const type = schema.properties ? fields(schema, answered.has(name)) : written(schema)
    return `export type ${typeName(name)} = ${type}\n`
  })
process.stdout.write(
  `// Written by build/apiTypes.ts from the server's OpenAPI document. Do not edit.\n\n${types.join('\n')}`,
)
