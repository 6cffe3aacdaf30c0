import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useChangeProject } from '../../api/queries'
import { useMay } from '../../api/session'
import { useFormat } from '../../i18n/format'
import { ClassMark } from '../common/ClassMark'
import { Instructions } from '../common/Instructions'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useThisProject } from './ProjectLayout'

/** What can be changed while people work: the name, the instructions, and whether work goes on. */
export function ProjectSettings() {
  const { t } = useLingui()
  const format = useFormat()
  const project = useThisProject()
  const change = useChangeProject(project.id)
  const mayManage = useMay('work.manage')
  const [name, setName] = useState(project.name)
  const [text, setText] = useState(project.instructions.text)
  const isChanged = name !== project.name || text !== project.instructions.text
  const isPaused = project.state === 'paused'
  return (
    <Stack maw={860}>
      {change.isError && <ProblemNote what={t`The change was not saved`} cause={change.error} />}
      <Panel>
        <Stack>
          <TextInput
            label={t`Name`}
            value={name}
            disabled={!mayManage}
            maxLength={200}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Textarea
              label={t`Instructions, version ${project.instructions.version}`}
              description={t`A change makes a new version; every answer keeps the version that its author saw.`}
              autosize
              minRows={8}
              maxRows={24}
              disabled={!mayManage}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
            <Instructions text={text} level={2} />
          </SimpleGrid>
          {mayManage && (
            <Group>
              <Button
                disabled={!isChanged || !name.trim()}
                loading={change.isPending}
                onClick={() =>
                  change.mutate({
                    ...(name !== project.name && { name: name.trim() }),
                    ...(text !== project.instructions.text && { instructions: text }),
                  })
                }
              >
                <Trans>Save</Trans>
              </Button>
              <Button
                variant="default"
                disabled={!isChanged}
                onClick={() => [setName(project.name), setText(project.instructions.text)]}
              >
                <Trans>Discard the changes</Trans>
              </Button>
            </Group>
          )}
        </Stack>
      </Panel>
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
      <Panel>
        <Title order={2} size="h5" mb={4}>
          <Trans>Target</Trans>
        </Title>
        <Text size="sm">
          <Trans>
            Error at most {format.percent(project.target.error)} with {format.percent(project.target.confidence, 0)}{' '}
            confidence.
          </Trans>{' '}
          {project.target.overlap === null ? (
            <Trans>As few answers as it takes, at most {project.target.max_answers} for an asset.</Trans>
          ) : (
            <Trans>{project.target.overlap} answers for each asset.</Trans>
          )}
        </Text>
      </Panel>
      {mayManage && project.state !== 'finished' && (
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
        </Panel>
      )}
    </Stack>
  )
}
