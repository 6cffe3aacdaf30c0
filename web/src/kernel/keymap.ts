/** Something that a key does in one place of the app. */
export type KeyAction = {
  id: string
  /** tinykeys syntax; all of them work. */
  keys: string[]
  title: string
  group: string
  run: () => void
  /** May give up a key that a label class wants, as long as one is left. */
  yields?: boolean
  /** Goes on while the key is held down. */
  repeats?: boolean
  /** One of several that are told of in one line: only the first of them is listed. */
  isUnlisted?: boolean
  /** Works in text fields as well. */
  everywhere?: boolean
}

/** Two actions want the same key. */
export class KeyClash extends Error {
  constructor(
    readonly key: string,
    readonly first: string,
    readonly second: string,
  ) {
    super(`The key “${key}” is wanted by ${first} and by ${second}.`)
  }
}

/** Keys that a label class can never have: the work could not be handed in, moved through or left without them. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set([
  'enter',
  'backspace',
  'escape',
  'tab',
  ' ',
  'space',
  '?',
  '+',
  '-',
])

/** One spelling per key, for comparing: modifiers sorted, letters small, optional modifiers left out. */
export function normalKey(key: string): string {
  const parts = key.trim().split(/(?<=\w|\])\+/)
  const last = parts.pop() ?? ''
  const modifiers = parts.filter((part) => !/^\[.*\]$/.test(part)).sort()
  return [...modifiers, last].join('+').toLowerCase()
}

/**
 * The keys of one place. Hints, the sheet of keys and the handler are all made from it.
 *
 * @throws KeyClash when two actions want a key and neither can do without.
 */
export function keymap(actions: KeyAction[]): KeyAction[] {
  const owner = new Map<string, KeyAction>()
  const firm = actions.filter((action) => !action.yields)
  for (const action of firm) {
    for (const key of new Set(action.keys.map(normalKey))) {
      const other = owner.get(key)
      if (other) throw new KeyClash(key, other.id, action.id)
      owner.set(key, action)
    }
  }
  return actions.map((action) => {
    if (!action.yields) return action
    const left = action.keys.filter((key) => !owner.has(normalKey(key)))
    const lost = action.keys[0]
    if (!left.length && lost) throw new KeyClash(lost, owner.get(normalKey(lost))?.id ?? '', action.id)
    for (const key of left) owner.set(normalKey(key), action)
    return { ...action, keys: left }
  })
}

/** How a key is written on a hint. */
export function keyName(key: string): string {
  const names: Record<string, string> = {
    $mod: 'Ctrl',
    control: 'Ctrl',
    enter: '⏎',
    backspace: '⌫',
    escape: 'Esc',
    shift: '⇧',
    delete: 'Del',
    space: 'Space',
    arrowup: '↑',
    arrowdown: '↓',
    arrowleft: '←',
    arrowright: '→',
  }
  const parts = key
    .trim()
    .split(/(?<=\w|\])\+/)
    .filter((part) => !/^\[.*\]$/.test(part))
  return parts.map((part) => names[part.toLowerCase()] ?? (part.length === 1 ? part.toUpperCase() : part)).join(' ')
}
