import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { Project, QualityTarget } from '../../api/types'
import { show } from '../../test/shown'
import { USUAL } from '../setup/target'
import { TargetSettings } from './TargetSettings'

vi.setConfig({ testTimeout: 20_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const project = (target: Partial<QualityTarget>) =>
  ({ id: 'p1', target: { ...USUAL, ...target } }) as unknown as Project

test.each([
  [0, 'A model marks every asset; nobody is asked.'],
  [1, '1 answer for each asset.'],
  [3, '3 answers for each asset.'],
])('%i answers are told in a sentence of their own', (overlap, sentence) => {
  show(<TargetSettings project={project({ overlap })} mayManage={false} />, () => undefined)
  expect(screen.getByText(/Error at most/).textContent).toContain(sentence)
})

test('a budget of one answer is told as one', () => {
  const budget = { max_answers: 1, max_cost: null, price: null, currency: null }
  show(<TargetSettings project={project({ budget })} mayManage={false} />, () => undefined)
  expect(screen.getByText(/Error at most/).textContent).toContain('The budget is 1 answer.')
})
