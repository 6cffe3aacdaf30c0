import { expect, test } from 'vitest'
import { defaultsOf, draftOf, settingsOf } from './draft'

const ONNX = {
  adapter: 'onnx',
  class_map: { 'coffee mug': 'cup' },
  max_objects: 300,
  input: { name: null, width: 224, resize: 'letterbox', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [] },
  output: { class_names: ['cup', 'fork, large'], min_score: 0.25, first_label: 0 },
  batch_size: 8,
  timeout_s: 60,
}

test('settings come back as they went in, without what is empty', () => {
  const draft = draftOf('onnx', ONNX)
  expect(draft['input.mean']).toBe('0.485 0.456 0.406')
  expect(draft['output.class_names']).toBe('cup\nfork, large')
  expect(draft.class_map).toBe('coffee mug = cup')
  const { settings, wrong } = settingsOf('onnx', draft)
  expect(wrong).toEqual([])
  const { name: _, std: __, ...input } = ONNX.input
  expect(settings).toEqual({ ...ONNX, input })
})

test('what cannot be read is named, not sent', () => {
  const draft = { 'input.width': '22.5', 'input.mean': '0.5 half', 'output.min_score': '0,3', class_map: 'a = b\nc' }
  expect(settingsOf('onnx', draft)).toEqual({
    settings: { adapter: 'onnx', output: { min_score: 0.3 } },
    wrong: ['class_map', 'input.width', 'input.mean'],
  })
})

test('a scale may be said as a share', () => {
  expect(settingsOf('onnx', { 'input.scale': '1/255' }).settings).toEqual({
    adapter: 'onnx',
    input: { scale: 1 / 255 },
  })
  expect(settingsOf('onnx', { 'input.scale': '1/' }).wrong).toEqual(['input.scale'])
  expect(settingsOf('onnx', { 'input.scale': '1/0' }).wrong).toEqual(['input.scale'])
})

test('only what the adapter has is sent', () => {
  const draft = { url: ' https://a.example ', media: 'inline', 'input.width': '3' }
  expect(settingsOf('http', draft).settings).toEqual({ adapter: 'http', url: 'https://a.example' })
  expect(settingsOf('label-studio', draft).settings).toMatchObject({ adapter: 'label-studio', media: 'inline' })
})

test('defaults are those of the server', () => {
  const schema = {
    properties: { input: { $ref: 'x', default: { resize: 'stretch', mean: [] } }, batch_size: { default: 8 } },
  }
  expect(defaultsOf('onnx', schema)).toMatchObject({ 'input.resize': 'stretch', 'input.mean': '', batch_size: '8' })
  expect(defaultsOf('http', null).batch_size).toBe('')
})

test.each([
  [{ 'a=b': 'cup' }, 'a=b = cup'],
  [{ cup: 'x=y', 'k = v': 'fork' }, 'cup = x=y\nk = v = fork'],
  [{ cup: 'k = v' }, '"cup" = "k = v"'],
  [{ cup: '= v' }, '"cup" = "= v"'],
  [{ '"a"': '"b"' }, '"\\"a\\"" = "\\"b\\""'],
  [{ ' a': 'two\nlines' }, '" a" = "two\\nlines"'],
])('the class map %o is written so that it can be read again', (class_map, text) => {
  const draft = draftOf('onnx', { ...ONNX, class_map })
  expect(draft.class_map).toBe(text)
  expect(settingsOf('onnx', draft)).toMatchObject({ wrong: [], settings: { class_map } })
})

test('pairs may be entered without blanks as long as it is clear where they part', () => {
  const read = (class_map: string) => settingsOf('onnx', { class_map })
  expect(read('a=b').settings).toMatchObject({ class_map: { a: 'b' } })
  expect(read('a=b=c').wrong).toEqual(['class_map'])
  expect(read('"\\d" = "b"').wrong).toEqual(['class_map'])
})
