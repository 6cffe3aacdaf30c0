import { expect, test } from 'vitest'
import { classesFromList, classFaults, withClass, withKeys } from './classes'

const words = {
  empty: 'empty',
  tooFew: 'few',
  twice: 'twice',
  hotkeyTwice: 'key twice',
  hotkeyReserved: 'reserved',
  hotkeyLong: 'long',
}
const codes = (...names: [string, string | null][]) =>
  classFaults(
    names.map(([name, hotkey]) => ({
      name,
      title: null,
      hotkey,
      color: '#000000',
      description: '',
      category_id: null,
    })),
    words,
  ).map(({ code, where }) => `${code}@${where}`)

test('a pasted list becomes classes with keys and descriptions; what is there already is left out', () => {
  const classes = classesFromList('cat: with whiskers\n\ndog\ncat\nfish', withClass([], 'dog'))
  expect(classes.map(({ name, hotkey, description }) => [name, hotkey, description])).toEqual([
    ['dog', '1', ''],
    ['cat', '2', 'with whiskers'],
    ['fish', '3', ''],
  ])
})

test('a class that is a digit gets that digit as its key', () => {
  expect(classesFromList('0\n1\n2', []).map(({ hotkey }) => hotkey)).toEqual(['0', '1', '2'])
})

test('the eleventh class has no digit left and gets no key', () => {
  const many = Array.from({ length: 11 }, (_, place) => `class ${place}`).join('\n')
  expect(classesFromList(many, []).at(-1)?.hotkey).toBeNull()
})

test('every fault is told at its row', () => {
  expect(codes(['a', '1'])).toEqual(['classes.too_few@classes'])
  expect(codes(['a', '1'], ['a', '1'])).toEqual(['name.twice@classes.1.name', 'hotkey.twice@classes.1.hotkey'])
  expect(codes(['', null], ['b', '?'], ['c', 'xy'])).toEqual([
    'name.empty@classes.0.name',
    'hotkey.reserved@classes.1.hotkey',
    'hotkey.too_long@classes.2.hotkey',
  ])
  expect(codes(['a', 'X'], ['b', 'x'])).toEqual(['hotkey.twice@classes.1.hotkey'])
})

test('the classes of a template keep what they have and get the keys that are free', () => {
  const bare = { title: null, color: null, hotkey: null, description: '', category_id: null }
  const classes = withKeys([
    { ...bare, name: 'car', color: '#123456' },
    { ...bare, name: 'dog', hotkey: 'd' },
    { ...bare, name: 'cat' },
  ])
  expect(classes.map(({ hotkey }) => hotkey)).toEqual(['1', 'd', '2'])
  expect(classes[0]?.color).toBe('#123456')
  expect(classes[2]?.color).toMatch(/^#/)
})
