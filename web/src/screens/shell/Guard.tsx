import { useLingui } from '@lingui/react/macro'
import { Container } from '@mantine/core'
import { Navigate, Outlet, useLocation } from 'react-router'
import { useSession } from '../../api/session'
import { ProblemNote } from '../common/Note'
import { OutboxProvider } from '../workspace/OutboxProvider'
import { FirstPaint } from './FirstPaint'

/** Lets nobody in who has not signed in, and brings them back to where they wanted to go. */
export function Guard() {
  const { t } = useLingui()
  const session = useSession()
  const { pathname, search } = useLocation()
  if (session.isPending) return <FirstPaint />
  // A session that cannot be refreshed at the moment is still a session: nobody is thrown out of their work by an outage.
  if (session.data === undefined && session.isError) {
    return (
      <Container size="sm" py={64}>
        <ProblemNote what={t`Karat could not be reached`} cause={session.error} retry={() => void session.refetch()} />
      </Container>
    )
  }
  if (!session.data) return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />
  // The organisation asks for a second factor that is not set up yet: nothing else would be answered.
  const isEnrolling = session.data.scope === 'enrol'
  if (isEnrolling && !pathname.startsWith('/settings')) return <Navigate to="/settings/security" replace />
  return (
    <OutboxProvider user={session.data.user.id}>
      <Outlet />
    </OutboxProvider>
  )
}
