import type { Connection, ConnectionChange, ConnectionKind, NewConnection } from '../../api/types'

/** What stands in the form; texts as typed, so that half of a word is no error. */
export type Draft = {
  kind: ConnectionKind
  anonymous: boolean
  name: string
  bucket: string
  prefix: string
  region: string
  endpoint: string
  account: string
  key: string
  secret: string
  token: string
}
export type TextField = Exclude<keyof Draft, 'kind' | 'anonymous'>

export const EMPTY: Draft = {
  kind: 's3',
  anonymous: false,
  name: '',
  bucket: '',
  prefix: '',
  region: '',
  endpoint: '',
  account: '',
  key: '',
  secret: '',
  token: '',
}

/** A connection as it is; its secret is not known here, and empty fields leave it alone. */
export function draftOf({ kind, anonymous, name, bucket, prefix, ...rest }: Connection): Draft {
  const { region, endpoint, account } = rest
  return {
    ...EMPTY,
    kind,
    anonymous,
    name,
    bucket,
    prefix,
    region: region ?? '',
    endpoint: endpoint ?? '',
    account: account ?? '',
  }
}

/** What the API wants; fields that do not belong to this kind of bucket are left out. */
export function newOf(draft: Draft): NewConnection {
  const { kind, anonymous } = draft
  return {
    name: draft.name.trim(),
    kind,
    bucket: draft.bucket.trim(),
    prefix: draft.prefix.trim(),
    region: kind === 's3' ? given(draft.region) : null,
    endpoint: given(draft.endpoint),
    account: kind === 'azure' ? given(draft.account) : null,
    anonymous,
    secret: secretOf(draft),
  }
}

/** What is otherwise than it was; null when nothing is. */
export function changeOf(connection: Connection, draft: Draft): ConnectionChange | null {
  const wanted = newOf(draft)
  const change: ConnectionChange = {}
  if (wanted.name !== connection.name) change.name = wanted.name
  if (wanted.prefix !== connection.prefix) change.prefix = wanted.prefix
  if ((wanted.region ?? null) !== connection.region) change.region = wanted.region
  if ((wanted.endpoint ?? null) !== connection.endpoint) change.endpoint = wanted.endpoint
  if (wanted.anonymous !== connection.anonymous) change.anonymous = wanted.anonymous
  if (wanted.secret) change.secret = wanted.secret
  return Object.keys(change).length ? change : null
}

/** Whether the bucket has to be asked about it: a name is ours alone. */
export const concernsBucket = (change: ConnectionChange): boolean => Object.keys(change).some((key) => key !== 'name')

function secretOf({ kind, anonymous, ...draft }: Draft): NewConnection['secret'] {
  const [key, secret, token] = [given(draft.key), given(draft.secret), given(draft.token)]
  if (anonymous || !(key || secret || token)) return null
  if (kind === 's3') return { access_key_id: key, secret_access_key: secret, session_token: token }
  return kind === 'gcs' ? { service_account_key: secret } : { account_key: secret, sas_token: token }
}

const given = (text: string) => text.trim() || null
