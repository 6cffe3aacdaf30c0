import { afterEach, expect, test, vi } from 'vitest'
import { post } from './queries'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('the same made twice at once is made once, and again later or after a failure', async () => {
  vi.useFakeTimers()
  const answers = [new Response('{"id":1}', { status: 201 }), new Response('{"code":"x"}', { status: 409 })]
  const fetch = vi.fn(async () => answers.shift() ?? new Response('{"id":2}', { status: 201 }))
  vi.stubGlobal('fetch', fetch)
  const twice = [post('/projects', { name: 'a' }), post('/projects', { name: 'a' })]
  expect(await Promise.all(twice)).toEqual([{ id: 1 }, { id: 1 }])
  expect(fetch).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1001)
  await expect(post('/projects', { name: 'a' })).rejects.toMatchObject({ code: 'x' })
  expect(await post('/projects', { name: 'a' })).toEqual({ id: 2 })
  expect(await post('/projects', { name: 'b' })).toEqual({ id: 2 })
  expect(fetch).toHaveBeenCalledTimes(4)
})
