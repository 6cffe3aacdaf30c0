import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { problemAt } from '../../api/client'
import type { Id } from '../../api/types'

/** Why a picture of a dataset did not come. A link that is too old is no fault: the list is read anew and brings another. */
export function useBroken(dataset: Id, link: string | null) {
  const { t } = useLingui()
  const cache = useQueryClient()
  const [reason, setReason] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new link is a new beginning
  useEffect(() => {
    setReason(null)
    setTries(0)
  }, [link])
  const onBroken = async () => {
    const found = link ? await problemAt(link) : null
    if (found?.code === 'storage.link_expired')
      await cache.invalidateQueries({ queryKey: [`/datasets/${dataset}/assets`] })
    else if (found) setReason(found.message)
    else if (tries === 0) setTries(1)
    else setReason(t`This browser cannot draw the picture.`)
  }
  const retry = () => {
    setReason(null)
    setTries((now) => now + 1)
  }
  /** `tries` is the key of the element: another try is another element. */
  return { reason, tries, onBroken: () => void onBroken(), retry }
}
