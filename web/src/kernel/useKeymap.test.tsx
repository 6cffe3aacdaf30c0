import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { KeyAction } from './keymap'
import { useKeymap } from './useKeymap'

afterEach(cleanup)

const ran: string[] = []
const action = (id: string, key: string, more: Partial<KeyAction> = {}): KeyAction => ({
  id,
  keys: [key],
  title: id,
  group: '',
  run: () => ran.push(id),
  ...more,
})

function Place() {
  useKeymap([action('move', 'ArrowRight', { repeats: true }), action('take', 'a'), action('hand in', 'Enter')])
  return (
    <>
      <button type="button">a button</button>
      <input aria-label="a text" />
      <input aria-label="a switch" type="checkbox" />
      <input aria-label="a slider" type="range" />
    </>
  )
}

const press = (target: Element, key: string, repeat = false) => {
  ran.length = 0
  fireEvent.keyDown(target, { key, code: key.length === 1 ? `Key${key.toUpperCase()}` : key, repeat })
  return [...ran]
}

test('a key that is held down moves on, but takes only once', () => {
  render(<Place />)
  expect(press(document.body, 'ArrowRight', true)).toEqual(['move'])
  expect(press(document.body, 'a')).toEqual(['take'])
  expect(press(document.body, 'a', true)).toEqual([])
})

test('where text is typed no key means anything else', () => {
  render(<Place />)
  for (const key of ['a', 'Enter', 'ArrowRight']) expect(press(screen.getByLabelText('a text'), key)).toEqual([])
})

test('after a click on a switch, a slider or a button letters still work, and their own keys are theirs', () => {
  render(<Place />)
  for (const name of ['a switch', 'a slider']) {
    expect(press(screen.getByLabelText(name), 'a')).toEqual(['take'])
    expect(press(screen.getByLabelText(name), 'ArrowRight')).toEqual([])
  }
  expect(press(screen.getByText('a button'), 'a')).toEqual(['take'])
  expect(press(screen.getByText('a button'), 'Enter')).toEqual([])
})
