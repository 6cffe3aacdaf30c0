import { useEffect, useState } from 'react'
import type { Purpose } from '../../api/types'
import { workApi } from '../../api/work'
import { WorkStream } from '../../kernel/stream'
import { tabLocks } from '../../kernel/tabs'
import { prefetch, shelf } from '../../modalities/shelf'
import { useKeeping } from './OutboxProvider'

/** The stream of this tab, begun when the screen opens and let go when it closes, however it closes. */
export function useStream(user: string, project: string, purposes: readonly Purpose[]): WorkStream | null {
  const keeping = useKeeping()
  const [stream, setStream] = useState<WorkStream | null>(null)
  useEffect(() => {
    if (!keeping) return
    const fresh = new WorkStream({ api: workApi, ...keeping, locks: tabLocks, user, project, purposes, prefetch })
    const onVisible = () => fresh.setVisible(document.visibilityState === 'visible')
    const onTouch = () => fresh.touch()
    const onOnline = () => void fresh.fill()
    const onHide = () => fresh.stop(true)
    // A page that comes back from the browser's cache holds leases that it has given up.
    const onShow = (event: PageTransitionEvent) => event.persisted && location.reload()
    document.addEventListener('visibilitychange', onVisible)
    window.addEventListener('pointermove', onTouch, { passive: true })
    window.addEventListener('online', onOnline)
    window.addEventListener('pagehide', onHide)
    window.addEventListener('pageshow', onShow)
    const unsubscribe = fresh.state.subscribe(({ current, ahead, sent }) => {
      const needed = [current, ...ahead, sent.at(-1)?.held].map((held) => held?.work.asset.id ?? '')
      shelf.keepOnly(new Set(needed))
    })
    setStream(fresh)
    void fresh.start()
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
      window.removeEventListener('pointermove', onTouch)
      window.removeEventListener('online', onOnline)
      window.removeEventListener('pagehide', onHide)
      window.removeEventListener('pageshow', onShow)
      unsubscribe()
      fresh.stop()
    }
  }, [keeping, user, project, purposes])
  return stream
}
