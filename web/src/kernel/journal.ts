import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { History } from './document'

/** Unfinished work on one assignment, as it was after the last edit. */
export type StoredDraft = { assignment_id: string; user_id: string; seq: number; history: History; at: number }

/** Something that the server must still be told. It stays here until the server has said yes. */
export type Entry = {
  id: string
  user_id: string
  project_id: string
  assignment_id: string
  path: string
  body: unknown
  at: number
  /** `drop`: when the server refuses, nothing of the person's work is lost (a skip), so nobody needs to hear of it. */
  on_refusal: 'keep' | 'drop'
  refusal: { code: string; sentence: string } | null
}

interface Schema extends DBSchema {
  drafts: { key: string; value: StoredDraft; indexes: { user: string } }
  outbox: { key: string; value: Entry; indexes: { user: string } }
}

/** Everything that a closing tab must not lose, in the browser's own database. Each method is one transaction. */
export class Journal {
  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  static async open(name = 'karat-work'): Promise<Journal> {
    const database = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('drafts', { keyPath: 'assignment_id' }).createIndex('user', 'user_id')
        fresh.createObjectStore('outbox', { keyPath: 'id' }).createIndex('user', 'user_id')
      },
      // A newer version of this page in another tab must not wait for us.
      blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    })
    return new Journal(database)
  }

  close(): void {
    this.database.close()
  }

  async keepDraft(draft: StoredDraft): Promise<void> {
    await this.database.put('drafts', draft)
  }

  draft(assignment: string): Promise<StoredDraft | undefined> {
    return this.database.get('drafts', assignment)
  }

  async forgetDraft(assignment: string): Promise<void> {
    await this.database.delete('drafts', assignment)
  }

  /** The answer goes into the outbox and its draft leaves in one transaction: the work is always in exactly one place. */
  async post(entry: Entry): Promise<void> {
    const writing = this.database.transaction(['drafts', 'outbox'], 'readwrite', { durability: 'strict' })
    await Promise.all([
      writing.objectStore('outbox').put(entry),
      writing.objectStore('drafts').delete(entry.assignment_id),
      writing.done,
    ])
  }

  async update(entry: Entry): Promise<void> {
    await this.database.put('outbox', entry)
  }

  async remove(id: string): Promise<void> {
    await this.database.delete('outbox', id)
  }

  /** What is still to be sent for this person, oldest first (ids are ordered by time). */
  outbox(user: string): Promise<Entry[]> {
    return this.database.getAllFromIndex('outbox', 'user', user)
  }

  /** Drop drafts of leases that ended long ago. */
  async forgetDraftsBefore(moment: number): Promise<void> {
    for (const draft of await this.database.getAll('drafts')) {
      if (draft.at < moment) await this.database.delete('drafts', draft.assignment_id)
    }
  }
}
