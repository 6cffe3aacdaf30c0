import { useLingui } from '@lingui/react/macro'
import { Container, Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { useProject } from '../../api/queries'
import { useMay, useSession } from '../../api/session'
import type { Project, Purpose } from '../../api/types'
import { editorOf } from '../../modalities'
import { ProblemNote } from '../common/Note'
import { useTitle } from '../common/useTitle'
import { Labelling } from './Labelling'
import { rememberLabelled } from './lastLabelled'
import { ObjectLabelling } from './objects/ObjectLabelling'
import { ObjectReviewing } from './objects/ObjectReviewing'
import { Reviewing } from './Reviewing'
import { useStream } from './useStream'

const LABELLING: readonly Purpose[] = ['label']
const LABELLING_AND_CHECKING: readonly Purpose[] = ['label', 'check']
const CHECKING: readonly Purpose[] = ['check']
const REVIEWING: readonly Purpose[] = ['review']

/** The label stream. Reviewers get the blind checks of a certificate in it as well; `?purpose=check` asks for those only. */
export function LabelWorkspace() {
  const [search] = useSearchParams()
  const mayCheck = useMay('tasks.review')
  if (search.get('purpose') === 'check') return <Opened purposes={CHECKING} />
  return <Opened purposes={mayCheck ? LABELLING_AND_CHECKING : LABELLING} />
}

export function ReviewWorkspace() {
  return <Opened purposes={REVIEWING} />
}

function Opened({ purposes }: { purposes: readonly Purpose[] }) {
  const { t } = useLingui()
  const { projectId = '' } = useParams()
  const project = useProject(projectId)
  useTitle(project.data?.name, purposes === REVIEWING ? t`Review` : t`Label`)
  if (project.data) return <WithStream project={project.data} purposes={purposes} />
  if (project.isError) {
    return (
      <Container size="sm" py={64}>
        <ProblemNote
          what={t`This project could not be opened`}
          cause={project.error}
          retry={() => void project.refetch()}
        />
      </Container>
    )
  }
  return <Skeleton height="100dvh" />
}

function WithStream({ project, purposes }: { project: Project; purposes: readonly Purpose[] }) {
  const user = useSession().data?.user.id ?? ''
  const stream = useStream(user, project.id, purposes)
  useEffect(() => {
    if (purposes !== REVIEWING) rememberLabelled(project.id)
  }, [project.id, purposes])
  if (!stream) return <Skeleton height="100dvh" />
  const editor = editorOf(project.ontology.kind)
  const isReview = purposes === REVIEWING
  if (editor.answers === 'class') {
    const Screen = isReview ? Reviewing : Labelling
    return <Screen project={project} stream={stream} editor={editor} />
  }
  const Screen = isReview ? ObjectReviewing : ObjectLabelling
  return <Screen project={project} stream={stream} editor={editor} />
}
