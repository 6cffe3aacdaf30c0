import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Checkbox, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useClone } from '../../api/moving'
import { useProject } from '../../api/queries'
import type { ClonePart, Project } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { DatasetChoice } from './DatasetChoice'

/** The same question once more: over the same data or other data, with none of the answers. */
export function CloneProject() {
  const { t } = useLingui()
  const { projectId = '' } = useParams()
  const project = useProject(projectId)
  useTitle(t`Clone a project`)
  if (project.isPending) return <Skeleton height={320} />
  if (project.isError) {
    return (
      <ProblemNote
        what={t`This project could not be opened`}
        cause={project.error}
        retry={() => void project.refetch()}
      />
    )
  }
  return <CloneForm project={project.data} />
}

function CloneForm({ project }: { project: Project }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const clone = useClone(project.id)
  const [name, setName] = useState(t`${project.name}, once more`.slice(0, 200))
  const [parts, setParts] = useState<ClonePart[]>(['instructions', 'target'])
  const [dataset, setDataset] = useState(project.dataset_id)
  const isOther = dataset !== project.dataset_id
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!name.trim()) return
    const body = { name: name.trim(), parts, dataset_id: isOther ? dataset : null }
    clone.mutate(body, { onSuccess: ({ id }) => void navigate(`/projects/${id}`) })
  }
  return (
    <Stack maw={640} component="form" onSubmit={submit}>
      <div>
        <Anchor component={Link} to={`/projects/${project.id}`} size="sm">
          {project.name}
        </Anchor>
        <Title order={1} size="h3">
          <Trans>Clone this project</Trans>
        </Title>
        <Text size="sm" className="quiet">
          <Trans>
            A new project that asks the same: its kind, classes and attributes, and of the rest what you choose. No
            task, answer or label comes along.
          </Trans>
        </Text>
      </div>
      <Panel>
        <Stack>
          <TextInput
            label={t`Name of the new project`}
            required
            maxLength={200}
            value={name}
            error={name.trim() ? null : t`It needs a name.`}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <PartsChoice project={project} parts={parts} choose={setParts} isOther={isOther} />
          <DatasetChoice project={project} chosen={dataset} choose={setDataset} />
          {clone.isError && <ProblemNote what={t`The project was not cloned`} cause={clone.error} />}
          <Group>
            <Button type="submit" disabled={!name.trim()} loading={clone.isPending}>
              <Trans>Clone</Trans>
            </Button>
            <Button variant="default" component={Link} to={`/projects/${project.id}`}>
              <Trans>Not now</Trans>
            </Button>
          </Group>
        </Stack>
      </Panel>
    </Stack>
  )
}

type PartsProps = {
  project: Project
  parts: ClonePart[]
  choose: (parts: ClonePart[]) => void
  isOther: boolean
}

function PartsChoice({ project, parts, choose, isOther }: PartsProps) {
  const { t } = useLingui()
  const { pilot } = project
  return (
    <Checkbox.Group label={t`What it takes over`} value={parts} onChange={(chosen) => choose(chosen as ClonePart[])}>
      <Stack gap="xs" mt={4}>
        <Checkbox
          value="instructions"
          label={t`Instructions and their examples`}
          description={isOther ? t`Examples that are not in the other data are left out.` : undefined}
        />
        <Checkbox value="target" label={t`Quality target and budget`} description={t`Else those of a new project.`} />
        <Checkbox
          value="pilot"
          disabled={!pilot}
          label={t`The pilot`}
          description={
            pilot ? t`${pilot.n_tasks} tasks first, ${pilot.overlap} answers each.` : t`This project has none.`
          }
        />
      </Stack>
    </Checkbox.Group>
  )
}
