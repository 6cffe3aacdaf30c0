import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { sendEntry, workApi } from '../../api/work'
import { Journal } from '../../kernel/journal'
import { Outbox } from '../../kernel/outbox'
import { tabLocks } from '../../kernel/tabs'

export type Keeping = { journal: Journal; outbox: Outbox }

const Kept = createContext<Keeping | null>(null)

/** The journal and the outbox of whoever is signed in; null for the moment that opening takes. */
export const useKeeping = (): Keeping | null => useContext(Kept)

const A_WEEK_MS = 7 * 86_400_000

/** On every page, not only while labelling: what an earlier tab could not send goes out as soon as somebody is here. */
export function OutboxProvider({ user, children }: { user: string; children: ReactNode }) {
  const [keeping, setKeeping] = useState<Keeping | null>(null)
  useEffect(() => {
    let close = () => {}
    let isGone = false
    void Journal.open().then(async (journal) => {
      const outbox = new Outbox({ journal, user, locks: tabLocks, send: (entry) => sendEntry(workApi, entry) })
      const drain = () => void outbox.drain()
      close = () => {
        outbox.close()
        journal.close()
        window.removeEventListener('online', drain)
      }
      if (isGone) {
        close()
        return
      }
      window.addEventListener('online', drain)
      await journal.forgetDraftsBefore(Date.now() - A_WEEK_MS)
      await outbox.open()
      if (!isGone) setKeeping({ journal, outbox })
    })
    return () => {
      isGone = true
      close()
    }
  }, [user])
  return <Kept value={keeping}>{children}</Kept>
}
