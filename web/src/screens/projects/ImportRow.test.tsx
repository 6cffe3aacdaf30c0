import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { useProjectImports } from '../../api/moving'
import type { ProjectArchive, ProjectImport } from '../../api/types'
import { show } from '../../test/shown'
import { ArchiveRow } from '../project/ArchiveRow'
import { ImportRow } from './ImportRow'

vi.setConfig({ testTimeout: 20_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const at = '2026-11-22T08:00:00Z'
const coming = (state: string, project_id: string | null = null) =>
  ({
    id: 'i1',
    name: 'cups.zip',
    job_id: 'j1',
    state,
    project_id,
    faults: [],
    origin: null,
    error: null,
    created_at: at,
  }) as unknown as ProjectImport

/** Records whose state is that of their job, which takes each of `states` in turn once it was tried anew. */
function tried(before: string, states: string[]) {
  const asked: string[] = []
  let state = before
  const answer = (what: string) => {
    asked.push(what)
    if (what === 'POST /jobs/j1/retry') {
      state = 'queued'
      return { id: 'j1', state }
    }
    if (what === 'GET /jobs/j1') return undefined
    if (what.startsWith('GET /project-imports?')) return { items: [coming(state)], next_cursor: null }
    if (what === 'GET /project-imports/i1' || what === 'GET /archives/a1') {
      const now = state
      if (state !== before) state = states.shift() ?? state
      return what.includes('archives') ? archive(now) : coming(now, now === 'done' ? 'p1' : null)
    }
    return undefined
  }
  return { asked, answer }
}

const archive = (state: string) =>
  ({
    id: 'a1',
    job_id: 'j1',
    media: 'included',
    state,
    created_at: at,
    n_bytes: null,
    contents: null,
    sha256: null,
    error: null,
  }) as unknown as ProjectArchive

function Rows() {
  return useProjectImports().items.map((each) => <ImportRow key={each.id} coming={each} />)
}

test('an import that was listed as refused is followed once more when it is tried again', async () => {
  const { answer } = tried('failed', ['running', 'done'])
  const { cache } = show(<Rows />, answer)
  cache.setQueryData(['/projects', {}, 50], { pages: [], pageParams: [] })
  await screen.findByText('refused')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await screen.findByText('being read')
  await screen.findByText('imported', {}, { timeout: 8_000 })
  // What has come in is to be asked for by the list of projects.
  await waitFor(() => expect(cache.getQueryState(['/projects', {}, 50])?.isInvalidated).toBe(true))
})

test('an import that failed before one’s eyes is followed once more too', async () => {
  const { answer } = tried('failed', ['running', 'done'])
  // The list says what was true when it was read.
  show(<ImportRow coming={coming('running')} />, answer)
  await screen.findByText('refused')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await screen.findByText('imported', {}, { timeout: 8_000 })
})

test('what has come in by a second try is in the list of projects', async () => {
  const { answer } = tried('failed', ['done'])
  const { cache } = show(<ImportRow coming={coming('failed')} />, answer)
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  await screen.findByText('being read')
  // Read while the import was on its way, so without its project.
  cache.setQueryData(['/projects', {}, 50], { pages: [], pageParams: [] })
  await screen.findByText('imported', {}, { timeout: 8_000 })
  await waitFor(() => expect(cache.getQueryState(['/projects', {}, 50])?.isInvalidated).toBe(true))
})

test('an archive that failed before one’s eyes can be downloaded after another try', async () => {
  const { answer } = tried('failed', ['running', 'done'])
  show(<ArchiveRow archive={archive('running')} />, answer)
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  await screen.findByRole('link', { name: 'Download' }, { timeout: 8_000 })
})
