/** What only one tab may do at a time. */
export interface TabLocks {
  /** Take the name for this tab until `release`; null when another tab has it. */
  take(name: string): Promise<{ release: () => void } | null>
  /** The names with this start that other tabs and this one hold, without the start. */
  held(start: string): Promise<string[]>
}

/** The browser's own locks: they are gone with the tab, however it ends. */
const webLocks = (locks: LockManager): TabLocks => ({
  take: (name) =>
    new Promise((resolve) => {
      void locks.request(name, { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(null)
          return undefined
        }
        return new Promise<void>((release) => resolve({ release }))
      })
    }),
  held: async (start) => {
    const names = (await locks.query()).held?.map(({ name }) => name ?? '') ?? []
    return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length))
  },
})

/** Without web locks (plain http from another machine) tabs do not see each other; the server's lease still decides. */
const noLocks: TabLocks = { take: async () => ({ release: () => {} }), held: async () => [] }

export const tabLocks: TabLocks =
  typeof navigator !== 'undefined' && navigator.locks ? webLocks(navigator.locks) : noLocks
