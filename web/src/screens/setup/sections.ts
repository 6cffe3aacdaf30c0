import type { Asset, Example, Fault, Id, LabelClass, Section, ShownSection } from '../../api/types'
import { fault } from './faults'

/** A label class as it is being written; what speaks about it holds its key, so that a new name breaks nothing. */
export type DraftClass = LabelClass & { key: string }

/** A section as it is being written. `about` is the key of a class; null is all of them. */
export type DraftSection = {
  key: string
  about: string | null
  title: string
  text: string
  good: Example[]
  bad: Example[]
}
export type ExampleSide = 'good' | 'bad'

/** As many examples as the server takes on one side of a section. */
export const MOST_EXAMPLES = 20

const newKey = () => crypto.randomUUID()

export const keyed = (label: LabelClass): DraftClass => ({ ...label, key: newKey() })
export const withoutKey = ({ key: _, ...label }: DraftClass): LabelClass => label

export const newSection = (about: string | null = null, text = ''): DraftSection => ({
  key: newKey(),
  about,
  title: '',
  text,
  good: [],
  bad: [],
})

/** Sections as they came from a template or from the server, to be written on. A class that is not there stays named. */
export const draftSections = (sections: readonly Section[], classes: readonly DraftClass[]): DraftSection[] =>
  sections.map(({ label_class, title, text, good, bad }) => ({
    ...newSection(label_class && (classes.find(({ name }) => name === label_class)?.key ?? label_class), text),
    title,
    good: [...good],
    bad: [...bad],
  }))

/** Sections as they are read, with ids in place of whole assets. */
export const plainSections = (sections: readonly ShownSection[]): Section[] =>
  sections.map((section) => ({ ...section, good: section.good.map(plain), bad: section.bad.map(plain) }))

const plain = ({ asset, caption }: ShownSection['good'][number]): Example => ({ asset_id: asset.id, caption })

const isBlank = ({ title, text, good, bad }: DraftSection) =>
  !title.trim() && !text.trim() && !good.length && !bad.length

/** As they are sent: what says nothing is left out, so the places of the rest are given with it. */
export function sentSections(sections: readonly DraftSection[], classes: readonly DraftClass[]) {
  const places = sections.flatMap((section, place) => (isBlank(section) ? [] : [place]))
  const sent = places.map((place): Section => {
    const { about, title, text, good, bad } = sections[place] as DraftSection
    const label_class = about && (classes.find(({ key }) => key === about)?.name.trim() ?? about)
    return { label_class, title: title.trim(), text: text.trim(), good, bad }
  })
  return { sent, places }
}

/** Faults that the server found in what was sent, at the places that the sections have here. */
export const atPlaces = (faults: readonly Fault[], places: readonly number[]): Fault[] =>
  faults.map((each) => ({
    ...each,
    where: each.where.replace(/^sections\.(\d+)/, (_, at) => `sections.${places[Number(at)] ?? at}`),
  }))

/** Every asset that is an example of something. */
export const exampleIds = (sections: readonly DraftSection[]): Id[] =>
  sections.flatMap(({ good, bad }) => [...good, ...bad].map(({ asset_id }) => asset_id))

/** Classes that no section is about yet. */
export const classesWithout = (sections: readonly DraftSection[], classes: readonly DraftClass[]): DraftClass[] =>
  classes.filter(({ key, name }) => name.trim() && !sections.some(({ about }) => about === key))

/** The sections as people will read them, as far as their assets are known. */
export function shownSections(
  sections: readonly DraftSection[],
  classes: readonly DraftClass[],
  assets: ReadonlyMap<Id, Asset>,
): ShownSection[] {
  const shown = (examples: readonly Example[]) =>
    examples.flatMap(({ asset_id, caption }) => {
      const asset = assets.get(asset_id)
      return asset ? [{ asset, caption }] : []
    })
  return sentSections(sections, classes).sent.map((section) => ({
    ...section,
    good: shown(section.good),
    bad: shown(section.bad),
  }))
}

type Words = { nameless: string; empty: string; noClass: string; repeated: string; gone: string; exampleTwice: string }

/**
 * Every fault of the sections as they are being written, at the path that the server would name; the server looks again.
 *
 * @param isThere whether the dataset has an asset; null while that is not known.
 */
export function sectionFaults(
  sections: readonly DraftSection[],
  classes: readonly DraftClass[],
  isThere: (asset: Id) => boolean | null,
  words: Words,
): Fault[] {
  const seen = new Set<string>()
  return sections.flatMap((section, place) => {
    if (isBlank(section)) return []
    const at = `sections.${place}`
    const { about, title, text, good, bad } = section
    const faults: Fault[] = []
    if (about === null && !title.trim()) faults.push(fault(`${at}.title`, 'section.nameless', words.nameless))
    if (!text.trim() && !good.length && !bad.length) faults.push(fault(`${at}.text`, 'section.empty', words.empty))
    if (about !== null && !classes.some(({ key }) => key === about)) {
      faults.push(fault(`${at}.label_class`, 'label_class.unknown', words.noClass))
    } else if (about !== null && seen.has(about)) {
      faults.push(fault(`${at}.label_class`, 'label_class.repeated', words.repeated))
    }
    if (about !== null) seen.add(about)
    return [...faults, ...exampleFaults(section, at, isThere, words)]
  })
}

function exampleFaults(section: DraftSection, at: string, isThere: (asset: Id) => boolean | null, words: Words) {
  const seen = new Set<Id>()
  return (['good', 'bad'] as const).flatMap((side) =>
    section[side].flatMap(({ asset_id }, place) => {
      const where = `${at}.${side}.${place}.asset_id`
      const isAgain = seen.has(asset_id)
      seen.add(asset_id)
      if (isThere(asset_id) === false) return [fault(where, 'asset.not_found', words.gone)]
      return isAgain ? [fault(where, 'example.repeated', words.exampleTwice)] : []
    }),
  )
}
