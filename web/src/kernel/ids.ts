let lastMs = 0
let counter = 0

/**
 * A time-ordered id (RFC 9562, version 7, method 1): ids made here sort in the order in which they were made.
 * Not `crypto.randomUUID`: browsers offer that on https and localhost only, and many a self-hosted server is neither.
 */
export function newId(now: number = Date.now()): string {
  counter = now > lastMs ? 0 : counter + 1
  lastMs = Math.max(now, lastMs)
  // The counter has twelve bits; a burst beyond them borrows from the next millisecond.
  if (counter > 0xfff) {
    counter = 0
    lastMs += 1
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let place = 0; place < 6; place++) bytes[place] = Math.floor(lastMs / 2 ** (8 * (5 - place))) % 256
  bytes[6] = 0x70 | (counter >> 8)
  bytes[7] = counter & 0xff
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
