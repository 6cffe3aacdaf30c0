import type { Fault } from './types'

/** An answer of the server that is not a success (RFC 9457), or the lack of one. Callers switch on `code`, never on text. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly retryable: boolean
  readonly faults: Fault[]
  readonly data: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    super(String(body.detail ?? body.title ?? `HTTP ${status}`))
    this.status = status
    this.code = String(body.code ?? 'error')
    this.retryable = Boolean(body.retryable ?? status >= 500)
    this.faults = Array.isArray(body.faults) ? (body.faults as Fault[]) : []
    this.data = body
  }

  /** True when nobody answered, or a proxy did: the request may be sent again as it is. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

let csrfToken: string | null = null
let onSignedOut: () => void = () => {}

/** The token that proves that an unsafe request was made by this page; it comes with the session. */
export function keepCsrfToken(token: string | null): void {
  csrfToken = token
}

export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell
}

type Options = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  idempotencyKey?: string
  /** Let the request outlive the page: for releases when a tab closes. */
  keepalive?: boolean
  signal?: AbortSignal
}

export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const { method = 'GET', body, idempotencyKey, keepalive, signal } = options
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey
  const response = await fetch(`/api${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    keepalive,
    signal,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause
    throw new Problem(0, { code: 'network.unreachable', title: 'The server did not answer.', retryable: true })
  })
  const token = response.headers.get('X-CSRF-Token')
  if (token) keepCsrfToken(token)
  return read<T>(response)
}

/** Why a medium did not come: elements of a page are not told. Null when it comes now. */
export async function problemAt(link: string): Promise<Problem | null> {
  const response = await fetch(link, { credentials: 'same-origin', cache: 'no-store' }).catch(() => null)
  if (!response) return new Problem(0, { code: 'network.unreachable', title: 'The server did not answer.' })
  return response.ok ? null : problemOf(response)
}

/** What an answer that is no success says; an answer of somebody else's says its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null
  return new Problem(response.status, body && 'code' in body ? body : {})
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  const text = await response.text()
  let body: unknown
  try {
    body = text ? JSON.parse(text) : {}
  } catch {
    body = { title: text.slice(0, 200) }
  }
  if (response.ok) return body as T
  const problem = new Problem(response.status, body as Record<string, unknown>)
  // Other codes of 401 are answers of the sign-in page, where nobody is signed in yet.
  if (problem.code === 'access.unauthenticated') onSignedOut()
  throw problem
}

type UploadOptions = { method?: 'POST' | 'PUT'; signal?: AbortSignal }

/** Send a file as the raw body. XMLHttpRequest because `fetch` does not tell how much has gone up. */
export function upload<T>(
  path: string,
  file: Blob,
  onProgress: (share: number) => void,
  { method = 'POST', signal }: UploadOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest()
    sending.open(method, `/api${path}`)
    sending.setRequestHeader('Accept', 'application/json')
    sending.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    if (csrfToken) sending.setRequestHeader('X-CSRF-Token', csrfToken)
    sending.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    sending.onerror = () =>
      reject(new Problem(0, { code: 'network.unreachable', title: 'The server did not answer.', retryable: true }))
    sending.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'))
    sending.onload = () => {
      const response = new Response(sending.responseText || null, { status: sending.status })
      read<T>(response).then(resolve, reject)
    }
    signal?.addEventListener('abort', () => sending.abort())
    if (signal?.aborted) return reject(new DOMException('The upload was stopped.', 'AbortError'))
    sending.send(file)
  })
}

/** Query string of what is set; empty and null filters are left out. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
}
