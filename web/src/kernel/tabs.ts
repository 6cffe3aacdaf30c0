/** What only one tab may do at a time. */
export interface TabLocks {
  /** Take the name for this tab until `release`; null when another tab has it. */
  take(name: string): Promise<{ release: () => void } | null>
  /** How many names with this start other tabs and this one hold together. */
  count(start: string): Promise<number>
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
  count: async (start) => (await locks.query()).held?.filter((lock) => lock.name?.startsWith(start)).length ?? 0,
})

/** Without web locks (plain http from another machine) tabs do not see each other; the server's lease still decides. */
const noLocks: TabLocks = { take: async () => ({ release: () => {} }), count: async () => 0 }

export const tabLocks: TabLocks =
  typeof navigator !== 'undefined' && navigator.locks ? webLocks(navigator.locks) : noLocks
