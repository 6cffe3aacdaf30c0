import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { Model } from '../../api/types'
import { show } from '../../test/shown'
import { ModelSettings } from './ModelSettings'

vi.setConfig({ testTimeout: 20_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** Change the name, and what else is asked for, and save: what was sent. */
async function sent(change: () => void = () => {}) {
  const bodies: unknown[] = []
  const settings = { adapter: 'onnx', class_map: { 'a=b': 'cup' }, batch_size: 8 }
  const model = { id: 'm1', name: 'cups', adapter: 'onnx', kind: 'image.class', header_names: [], settings }
  show(<ModelSettings model={model as unknown as Model} />, (asked, body) => {
    if (asked === 'PATCH /models/m1') bodies.push(body)
    return asked === 'GET /model-adapters' ? [] : model
  })
  fireEvent.click(screen.getByRole('button', { name: 'Change name and settings' }))
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'more cups' } })
  change()
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(bodies).toHaveLength(1))
  return bodies[0]
}

test('a new name alone is sent alone', async () => {
  expect(await sent()).toEqual({ name: 'more cups' })
})

test('settings that were changed are sent whole', async () => {
  const change = () => fireEvent.change(screen.getByLabelText('Assets in one go'), { target: { value: '4' } })
  expect(await sent(change)).toEqual({
    name: 'more cups',
    settings: { adapter: 'onnx', class_map: { 'a=b': 'cup' }, batch_size: 4 },
  })
})
