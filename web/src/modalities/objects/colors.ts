/** Of annotators whose answers lie over one another; they differ in lightness as well. */
const COLORS = ['#ffb000', '#42d4f4', '#fe6100', '#b9a1ff', '#dc267f', '#a8f0a0', '#5f8dff', '#ffffff'] as const

/** The colour of an annotator, by the letter that stands for them. */
export function colorOfAnnotator(letter: string): string {
  const place = (letter.codePointAt(0) ?? 65) - 65
  return COLORS[((place % COLORS.length) + COLORS.length) % COLORS.length] ?? COLORS[0]
}
