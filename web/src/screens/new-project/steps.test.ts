import { expect, test } from 'vitest'
import { Problem } from '../../api/client'
import { fault, faultAt, faultsOf, isOmission } from '../setup/faults'
import { faultsOfStep, refusedFaults, refusedStep } from './steps'

const problem = (code: string, ...where: string[]) =>
  new Problem(422, { code, faults: where.map((each) => fault(each, 'x.y', 'wrong')) })

test('every field of a project has its step', () => {
  const paths = ['dataset_id', 'kind', 'classes.0.name', 'attributes.1.options', 'instructions', 'sections.2.title']
  const rest = ['target.error', 'target.budget.price', 'name', 'pilot.overlap']
  const steps = [...paths, ...rest].map((path) =>
    [0, 1, 2, 3, 4].filter((at) => faultsOfStep([fault(path, 'x', '')], at).length),
  )
  expect(steps).toEqual([[0], [1], [1], [1], [2], [2], [3], [3], [4], [4]])
})

test('a refusal leads to the first step that it concerns, wherever its path begins', () => {
  const cause = problem('request.malformed', 'body.pilot.n_tasks', 'body.target.error')
  const faults = refusedFaults(cause, [])
  expect(faults.map(({ where }) => where)).toEqual(['pilot.n_tasks', 'target.error'])
  expect(refusedStep(cause, faults)).toBe(3)
  expect(refusedStep(problem('dataset.not_found'), [])).toBe(0)
  expect(refusedStep(problem('project.kind_does_not_fit'), [])).toBe(1)
  expect(refusedStep(new Error('network'), [])).toBeNull()
})

test('a fault of a section that was sent is told at the place that it has here', () => {
  const [found] = refusedFaults(problem('instructions.invalid', 'sections.0.good.1.asset_id'), [2])
  expect(found?.where).toBe('sections.2.good.1.asset_id')
})

test('a field reads its own fault with what to do; a part all that it holds', () => {
  const faults = [{ ...fault('a.1.b', 'x', 'Wrong.'), hint: 'Mend it.' }, fault('a.10', 'x', 'No.')]
  expect(faultAt(faults, 'a.1.b')).toBe('Wrong. Mend it.')
  expect(faultAt(faults, 'a.1')).toBeUndefined()
  expect(faultsOf(faults, 'a.1').map(({ where }) => where)).toEqual(['a.1.b'])
})

test('only what was left out waits until one wants to go on', () => {
  expect(isOmission(fault('', 'name.empty', ''))).toBe(true)
  expect(isOmission(fault('', 'target.limits', ''))).toBe(false)
})
