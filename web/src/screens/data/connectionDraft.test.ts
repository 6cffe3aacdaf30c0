import { expect, test } from 'vitest'
import type { Connection } from '../../api/types'
import { changeOf, concernsBucket, draftOf, EMPTY, newOf } from './connectionDraft'

const CONNECTION: Connection = {
  id: 'c',
  name: 'Archive',
  kind: 's3',
  bucket: 'herons',
  prefix: '2026/',
  region: null,
  endpoint: 'http://s3.lan',
  account: null,
  anonymous: false,
  secret_hint: 'AKIA…CDEF',
  n_references: 0,
  tested_at: null,
  test: null,
  created_at: '2026-11-22T00:00:00Z',
}

test('a form that was only opened changes nothing', () => {
  expect(changeOf(CONNECTION, draftOf(CONNECTION))).toBeNull()
})

test('only what is otherwise is sent, and empty credentials stay what they are', () => {
  const change = changeOf(CONNECTION, { ...draftOf(CONNECTION), name: ' Birds ', endpoint: '' })
  expect(change).toEqual({ name: 'Birds', endpoint: null })
})

test('a name concerns nobody but us', () => {
  expect(concernsBucket({ name: 'Birds' })).toBe(false)
  expect(concernsBucket({ name: 'Birds', region: null })).toBe(true)
})

test('each kind of bucket is shown the secret that it knows', () => {
  const typed = { ...EMPTY, key: 'k', secret: 's', token: ' ', region: 'r', account: 'a' }
  expect(newOf(typed)).toMatchObject({
    secret: { access_key_id: 'k', secret_access_key: 's', session_token: null },
    region: 'r',
    account: null,
  })
  expect(newOf({ ...typed, kind: 'gcs' })).toMatchObject({ secret: { service_account_key: 's' }, region: null })
  expect(newOf({ ...typed, kind: 'azure' })).toMatchObject({
    secret: { account_key: 's', sas_token: null },
    account: 'a',
  })
  expect(newOf({ ...typed, anonymous: true }).secret).toBeNull()
})
