import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { expect, test } from 'vitest'
import { type KeyAction, KeyClash, keymap, keyName, normalKey } from './keymap'

const action = (id: string, keys: string[], yields = false): KeyAction => ({
  id,
  keys,
  yields,
  title: id,
  group: 'test',
  run: () => {},
})

test('two actions that want one key are refused, however it is spelt', () => {
  expect(() => keymap([action('a', ['Shift+Alt+x']), action('b', ['Alt+Shift+X'])])).toThrow(KeyClash)
  expect(() => keymap([action('a', ['[Shift]+1']), action('b', ['1'])])).toThrow(KeyClash)
})

test('an action gives up a key that a label class wants, and keeps its other one', () => {
  const [skip] = keymap([action('skip', ['s', 'Alt+s'], true), action('class sad', ['s'])])
  expect(skip?.keys).toEqual(['Alt+s'])
})

test('an action that would lose its last key is refused', () => {
  expect(() => keymap([action('skip', ['s'], true), action('class sad', ['s'])])).toThrow(KeyClash)
})

test('one action may name one key twice', () => {
  expect(keymap([action('a', ['a', 'A'])])).toHaveLength(1)
})

const pressed = (init: KeyboardEventInit, binding: string) => {
  const [press] = parseKeybinding(binding)
  return press ? matchKeybindingPress(new KeyboardEvent('keydown', init), press) : false
}

test('signs work with and without shift, as keyboards differ', () => {
  expect(pressed({ key: '?', code: 'Slash', shiftKey: true }, '[Shift]+?')).toBe(true)
  expect(pressed({ key: '?', code: 'Minus' }, '[Shift]+?')).toBe(true)
  expect(pressed({ key: '+', code: 'Equal', shiftKey: true }, '[Shift]++')).toBe(true)
  expect(pressed({ key: '+', code: 'BracketRight' }, '[Shift]++')).toBe(true)
})

test('a digit works on a French keyboard, where it needs shift, and on the number pad', () => {
  expect(pressed({ key: '&', code: 'Digit1' }, 'Digit1')).toBe(true)
  expect(pressed({ key: '1', code: 'Digit1', shiftKey: true }, '[Shift]+1')).toBe(true)
  expect(pressed({ key: '1', code: 'Numpad1' }, 'Numpad1')).toBe(true)
})

test('keys are written as people know them', () => {
  expect(keyName('$mod+Shift+z')).toBe('Ctrl ⇧ Z')
  expect(keyName('[Shift]+?')).toBe('?')
  expect(keyName('[Shift]++')).toBe('+')
  expect(normalKey('[Shift]++')).toBe('+')
})
