import type { PasskeyRequest } from './types'

/** What goes back to the server: the token of its question, and the browser's answer as the text of its JSON. */
export type PasskeyProof = { token: string; credential: string }

/** The person closed the browser's window, or it gave up: nothing went wrong that they do not know of. */
export const wasDismissed = (cause: unknown): boolean =>
  cause instanceof DOMException && (cause.name === 'NotAllowedError' || cause.name === 'AbortError')

/** Whether this browser can make and use passkeys here; it needs a secure page. */
export const knowsPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && 'parseCreationOptionsFromJSON' in PublicKeyCredential

export async function makePasskey({ token, options }: PasskeyRequest): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  )
  return answerOf(token, await navigator.credentials.create({ publicKey }))
}

export async function askPasskey({ token, options }: PasskeyRequest): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  )
  return answerOf(token, await navigator.credentials.get({ publicKey }))
}

function answerOf(token: string, made: Credential | null): PasskeyProof {
  if (!made) throw new DOMException('No passkey was chosen.', 'NotAllowedError')
  return { token, credential: JSON.stringify((made as PublicKeyCredential).toJSON()) }
}
