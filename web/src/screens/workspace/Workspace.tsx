import { useLingui } from '@lingui/react/macro'
import { Container, Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { useProject } from '../../api/queries'
import { useSession } from '../../api/session'
import type { Project, Purpose } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { useTitle } from '../common/useTitle'
import { Labelling } from './Labelling'
import { rememberLabelled } from './lastLabelled'
import { Reviewing } from './Reviewing'
import { useStream } from './useStream'

const PURPOSES: readonly string[] = ['label', 'check']

/** The label stream; `?purpose=check` asks for the blind checks of a certificate only. */
export function LabelWorkspace() {
  const [search] = useSearchParams()
  const wanted = search.get('purpose') ?? ''
  return <Opened purpose={PURPOSES.includes(wanted) ? (wanted as Purpose) : null} />
}

export function ReviewWorkspace() {
  return <Opened purpose="review" />
}

function Opened({ purpose }: { purpose: Purpose | null }) {
  const { t } = useLingui()
  const { projectId = '' } = useParams()
  const project = useProject(projectId)
  useTitle(project.data?.name, purpose === 'review' ? t`Review` : t`Label`)
  if (project.data) return <WithStream project={project.data} purpose={purpose} />
  if (project.isError) {
    return (
      <Container size="sm" py={64}>
        <ProblemNote what={t`This project could not be opened`} cause={project.error} retry={() => void project.refetch()} />
      </Container>
    )
  }
  return <Skeleton height="100dvh" />
}

function WithStream({ project, purpose }: { project: Project; purpose: Purpose | null }) {
  const user = useSession().data?.user.id ?? ''
  const stream = useStream(user, project.id, purpose)
  useEffect(() => {
    if (purpose !== 'review') rememberLabelled(project.id)
  }, [project.id, purpose])
  if (!stream) return <Skeleton height="100dvh" />
  const Screen = purpose === 'review' ? Reviewing : Labelling
  return <Screen project={project} stream={stream} />
}
