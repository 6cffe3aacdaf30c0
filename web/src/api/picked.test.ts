import { expect, test } from 'vitest'
import { withoutRoot } from './picked'

const names = (...given: string[]) =>
  withoutRoot(given.map((name) => ({ name, file: new File([], name) }))).map((each) => each.name)

test('the folder that holds everything is no part of the names', () => {
  expect(names('herons/a.png', 'herons/north/b.png')).toEqual(['a.png', 'north/b.png'])
})

test('two folders that were dropped together keep theirs, so that equal names stay apart', () => {
  expect(names('north/a.png', 'south/a.png')).toEqual(['north/a.png', 'south/a.png'])
})

test('what systems leave lying about is no data', () => {
  expect(names('herons/.DS_Store', 'herons/Thumbs.db', 'herons/.git/config', 'herons/a.png')).toEqual(['a.png'])
})

test('a single file keeps its name', () => {
  expect(names('photos.zip')).toEqual(['photos.zip'])
})
