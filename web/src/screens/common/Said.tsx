/**
 * A word that somebody chose, within a translated sentence. As an element of its own: a `<` in a plain value would be read as
 * part of the translation.
 */
export function Said({ text, strong = false }: { text: string; strong?: boolean }) {
  return strong ? <b>{text}</b> : text
}
