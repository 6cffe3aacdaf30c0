import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Attribute } from '../api/types'
import type { Kind, MediaFacts } from '../modalities/kind'

type Pair = { a: unknown; b: unknown; expected: number }
type Contract = {
  kind: string
  classes: string[]
  attributes?: (Partial<Attribute> & Pick<Attribute, 'name' | 'type'>)[]
  cases: { name: string; payload: unknown; media: MediaFacts; faults: { code: string; where: string }[] }[]
  similarity: Pair[]
  overlaps?: Pair[]
  merges: { name: string; payloads: unknown[]; weights: number[]; expected: unknown }[]
}

const PLAIN = {
  title: null,
  options: [],
  required: false,
  minimum: null,
  maximum: null,
  description: '',
  applies_to: null,
} as const satisfies Partial<Attribute>

/** The cases that Python and TypeScript must judge alike, run against the kind as this app has it. */
export function holdsItsContract<P>(kind: Kind<P>): void {
  const path = resolve(import.meta.dirname, '../../../contract', `${kind.name}.json`)
  const contract = JSON.parse(readFileSync(path, 'utf8')) as Contract

  const attributes = (contract.attributes ?? []).map((each) => ({ ...PLAIN, ...each }))
  const vocabulary = { classes: contract.classes, attributes }

  describe(`the contract of ${kind.name}`, () => {
    test.each(contract.cases)('$name', ({ payload, media, faults }) => {
      const reading = kind.read(payload)
      const found = 'faults' in reading ? reading.faults : kind.check(reading.payload, media, vocabulary)
      expect(found.map(({ code, where }) => ({ code, where }))).toEqual(faults)
    })
    test.each(contract.similarity)('similarity of $a and $b', ({ a, b, expected }) => {
      expect(kind.similarity(a as P, b as P)).toBe(expected)
      expect(kind.similarity(b as P, a as P)).toBe(expected)
    })
    test.each(contract.overlaps ?? [])('overlap of $a and $b', ({ a, b, expected }) => {
      expect(kind.overlap?.(a as P, b as P)).toBe(expected)
      expect(kind.overlap?.(b as P, a as P)).toBe(expected)
    })
    test.each(contract.merges)('$name', ({ payloads, weights, expected }) => {
      expect(kind.merge(payloads as P[], weights)).toEqual(expected)
    })
  })
}
