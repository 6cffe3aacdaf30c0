import { useState } from 'react'

/**
 * The secret of a link, from behind its `#`: browsers send that part to no server and no log. It stays in the address, so
 * that a page that was reloaded half-way still works.
 */
export function useLinkCode(): string {
  const [code] = useState(() => decodeURIComponent(location.hash.slice(1)).trim())
  return code
}
