/** A file that somebody chose, under the name that it has within the folder it came from. */
export type Picked = { name: string; file: File }

/** What was dropped, folders with all that is in them. */
export async function pickedFrom(dropped: DataTransfer): Promise<Picked[]> {
  // The entries must be taken before anything is awaited: the browser empties the list then.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null)
  const found = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))
  return withoutRoot(found.flat())
}

export const pickedFiles = (files: Iterable<File>): Picked[] =>
  withoutRoot([...files].map((file) => ({ name: file.webkitRelativePath || file.name, file })))

/** Let a whole folder be chosen; nothing is answered when the window is closed without a choice. */
export function chooseFolder(take: (picked: Picked[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.webkitdirectory = true
  input.onchange = () => take(pickedFiles(input.files ?? []))
  input.click()
}

async function filesIn(entry: FileSystemEntry): Promise<Picked[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ name: entry.fullPath.replace(/^\//, ''), file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const inside: FileSystemEntry[] = []
  // A reader gives its entries in parts, and an empty one at the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (!part.length) break
    inside.push(...part)
  }
  return (await Promise.all(inside.map(filesIn))).flat()
}

/** The folder that holds everything is no part of the names, and what systems leave lying about is no data. */
export function withoutRoot(picked: Picked[]): Picked[] {
  const kept = picked.filter(({ name }) => !/(^|\/)(\.|Thumbs\.db$|__MACOSX\/)/.test(name))
  const [root] = kept[0]?.name.split('/') ?? []
  const isShared = kept.every(({ name }) => name.startsWith(`${root}/`))
  return isShared && root ? kept.map(({ name, file }) => ({ name: name.slice(root.length + 1), file })) : kept
}
