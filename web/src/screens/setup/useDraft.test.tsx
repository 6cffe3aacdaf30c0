import { act, cleanup, fireEvent, renderHook, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { useProject } from '../../api/queries'
import type { Project } from '../../api/types'
import { show } from '../../test/shown'
import { InstructionsSettings } from '../project/InstructionsSettings'
import { TargetSettings } from '../project/TargetSettings'
import { USUAL } from './target'
import { useDraft } from './useDraft'

vi.setConfig({ testTimeout: 30_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

type Note = { version: number; text: string }
const one = { version: 1, text: 'one' }
const two = { version: 2, text: 'two' }

const drafted = () =>
  renderHook(
    (newest: Note) =>
      useDraft({
        newest,
        idOf: ({ version }) => String(version),
        draftOf: ({ text }) => ({ text }),
        isChanged: ({ text }, base) => text !== base.text,
      }),
    { initialProps: one },
  )

test('what nobody has written on follows the newest', () => {
  const { result, rerender } = drafted()
  rerender(two)
  expect(result.current).toMatchObject({ draft: { text: 'two' }, isBehind: false, isChanged: false })
})

test('what is written stays when others save, until the newest is taken', () => {
  const { result, rerender } = drafted()
  act(() => result.current.edit({ text: 'mine' }))
  rerender(two)
  expect(result.current).toMatchObject({ draft: { text: 'mine' }, base: one, isBehind: true, isChanged: true })
  act(() => result.current.take())
  expect(result.current).toMatchObject({ draft: { text: 'two' }, base: two, isBehind: false, isChanged: false })
})

test('one’s own save is nobody else’s, and what was written on meanwhile stays', () => {
  const { result, rerender } = drafted()
  act(() => result.current.edit({ text: 'two' }))
  const sent = result.current.draft
  act(() => result.current.edit({ text: 'two and more' }))
  rerender(two)
  act(() => result.current.saved('2', sent))
  expect(result.current).toMatchObject({ draft: { text: 'two and more' }, base: two, isBehind: false, isChanged: true })
})

/** A project on a server, which others change as well. */
function server() {
  const texts = ['the first']
  let target = USUAL
  const project = () => ({
    id: 'p1',
    dataset_id: 'd1',
    n_tasks: 10,
    phase: 'labelling',
    ontology: { kind: 'image.class', classes: [], attributes: [] },
    instructions: { version: texts.length },
    target,
  })
  const answer = (asked: string, body: unknown) => {
    const sent = body as { instructions?: string; target?: Partial<typeof USUAL> } | null
    if (asked === 'PATCH /projects/p1') {
      if (sent?.instructions !== undefined) texts.push(sent.instructions)
      target = { ...target, ...sent?.target }
      return project()
    }
    if (asked === 'GET /projects/p1') return project()
    const version = Number(/instructions\?version=(\d+)$/.exec(asked)?.[1])
    if (!version) return undefined
    const text = texts[version - 1]
    return { version, text, sections: [], is_current: version === texts.length, created_at: '2026-11-22T08:00:00Z' }
  }
  return { answer, now: () => ({ text: texts.at(-1), target }) }
}

function Settings({ part: Part }: { part: typeof InstructionsSettings }) {
  const project = useProject('p1').data as Project | undefined
  return project ? <Part project={project} mayManage /> : null
}

const NEWER = 'A newer version was saved meanwhile'

test('instructions that are being written outlive what somebody else saves', async () => {
  const { answer, now } = server()
  const { cache } = show(<Settings part={InstructionsSettings} />, answer)
  const field = () => screen.findByLabelText<HTMLTextAreaElement>('Text of the instructions')
  fireEvent.change(await field(), { target: { value: 'mine' } })
  answer('PATCH /projects/p1', { instructions: 'theirs' })
  await act(() => cache.invalidateQueries({ queryKey: ['/projects/p1'], exact: true }))
  await screen.findByText(NEWER)
  expect((await field()).value).toBe('mine')
  fireEvent.click(screen.getByRole('button', { name: 'Show the newer version' }))
  await screen.findByText('theirs')
  fireEvent.click(screen.getByRole('button', { name: 'Save as version 3' }))
  await waitFor(() => expect(now().text).toBe('mine'))
  await screen.findByRole('button', { name: 'Save as version 4' })
  expect(screen.queryByText(NEWER)).toBeNull()
  expect((await field()).value).toBe('mine')
})

test('instructions of somebody else can be taken in the place of one’s own', async () => {
  const { answer } = server()
  const { cache } = show(<Settings part={InstructionsSettings} />, answer)
  const field = () => screen.findByLabelText<HTMLTextAreaElement>('Text of the instructions')
  fireEvent.change(await field(), { target: { value: 'mine' } })
  answer('PATCH /projects/p1', { instructions: 'theirs' })
  await act(() => cache.invalidateQueries({ queryKey: ['/projects/p1'], exact: true }))
  fireEvent.click(await screen.findByRole('button', { name: 'Drop mine and take the newer' }))
  expect((await field()).value).toBe('theirs')
  expect(screen.queryByText(NEWER)).toBeNull()
})

test('a target that is being written outlives what somebody else saves', async () => {
  const { answer, now } = server()
  const { cache } = show(<Settings part={TargetSettings} />, answer)
  const field = (await screen.findAllByLabelText<HTMLInputElement>(/confiden/i))[0] as HTMLInputElement
  fireEvent.change(field, { target: { value: '90' } })
  const written = field.value
  answer('PATCH /projects/p1', { target: { error: 0.02 } })
  await act(() => cache.invalidateQueries({ queryKey: ['/projects/p1'], exact: true }))
  await screen.findByText(NEWER)
  expect(field.value).toBe(written)
  fireEvent.click(screen.getByRole('button', { name: 'Save the target' }))
  await waitFor(() => expect(now().target).toMatchObject({ error: 0.02, confidence: 0.9 }))
  await waitFor(() => expect(screen.queryByText(NEWER)).toBeNull())
})
