import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'
import { useChangeProject } from '../../api/projects'
import { useMay } from '../../api/session'
import type { Project } from '../../api/types'
import { ClassMark } from '../common/ClassMark'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { InstructionsSettings } from './InstructionsSettings'
import { useThisProject } from './ProjectLayout'
import { TargetSettings } from './TargetSettings'

/** What can be changed while people work: the name, the instructions, the target, and whether work goes on. */
export function ProjectSettings() {
  const project = useThisProject()
  const mayManage = useMay('work.manage')
  const { hash } = useLocation()
  // The overview leads to one of the parts; each is there from the start.
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' })
  }, [hash])
  return (
    <Stack maw={1100}>
      <NameSettings project={project} mayManage={mayManage} />
      <div id="instructions">
        <InstructionsSettings key={project.id} project={project} mayManage={mayManage} />
      </div>
      <Classes project={project} />
      <div id="target">
        <TargetSettings project={project} mayManage={mayManage} />
      </div>
      {mayManage && project.state !== 'finished' && <PauseSettings project={project} />}
    </Stack>
  )
}

type Props = { project: Project; mayManage: boolean }

function NameSettings({ project, mayManage }: Props) {
  const { t } = useLingui()
  const change = useChangeProject(project.id)
  const [name, setName] = useState(project.name)
  const isChanged = name.trim() !== project.name
  return (
    <Panel>
      <Stack>
        <TextInput
          label={t`Name`}
          value={name}
          disabled={!mayManage}
          maxLength={200}
          error={!name.trim() && t`A project needs a name.`}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {change.isError && <ProblemNote what={t`The name was not saved`} cause={change.error} />}
        {mayManage && isChanged && (
          <Group>
            <Button
              disabled={!name.trim()}
              loading={change.isPending}
              onClick={() => change.mutate({ name: name.trim() })}
            >
              <Trans>Save the name</Trans>
            </Button>
            <Button variant="default" onClick={() => setName(project.name)}>
              <Trans>Discard the changes</Trans>
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  )
}

function Classes({ project }: Pick<Props, 'project'>) {
  return (
    <Panel>
      <Title order={2} size="h5" mb="xs">
        <Trans>Classes, version {project.ontology.version}</Trans>
      </Title>
      <Stack gap={4}>
        {project.ontology.classes.map((each) => (
          <Group key={each.name} gap="sm" wrap="nowrap">
            <Text size="sm" ff="monospace" w={20} className="quiet">
              {each.hotkey}
            </Text>
            <ClassMark name={each.name} classes={project.ontology.classes} />
            <Text size="sm" className="quiet" truncate>
              {each.description}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}

function PauseSettings({ project }: Pick<Props, 'project'>) {
  const { t } = useLingui()
  const change = useChangeProject(project.id)
  const isPaused = project.state === 'paused'
  return (
    <Panel>
      <Group justify="space-between">
        <Text size="sm">
          {isPaused ? (
            <Trans>The project is paused: nobody is given new work.</Trans>
          ) : (
            <Trans>Pausing stops new work from being given out. What people hold can still be handed in.</Trans>
          )}
        </Text>
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ state: isPaused ? 'running' : 'paused' })}
        >
          {isPaused ? <Trans>Go on</Trans> : <Trans>Pause</Trans>}
        </Button>
      </Group>
      {change.isError && <ProblemNote what={t`The change was not saved`} cause={change.error} />}
    </Panel>
  )
}
