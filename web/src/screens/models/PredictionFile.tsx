import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, Code, FileButton, Group, Progress, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useImportPredictions, useRun } from '../../api/models'
import { useProjects } from '../../api/queries'
import type { Id, Project } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { RunProgress } from './RunProgress'

/** Predictions that were made elsewhere come in as a file; no model needs to be reached. */
export function PredictionFile() {
  const { t } = useLingui()
  const projects = useProjects().items
  const [chosen, setChosen] = useState<Id | null>(null)
  const project = projects.find(({ id }) => id === chosen) ?? projects[0]
  if (!project) return null
  return (
    <Section
      title={t`Predictions from a file`}
      about={t`JSONL, a line for each asset. Good lines are kept; bad ones are listed with what to do.`}
    >
      <Select
        label={t`For the project`}
        data={projects.map((each) => ({ value: each.id, label: each.name }))}
        value={project.id}
        allowDeselect={false}
        onChange={setChosen}
        maw={360}
      />
      <Example project={project} />
      <Send key={project.id} project={project} />
    </Section>
  )
}

function Example({ project }: { project: Project }) {
  const name = project.ontology.classes[0]?.name ?? '…'
  const said = project.ontology.kind.endsWith('.class')
    ? { label_class: name, score: 0.8 }
    : { annotations: [{ score: 0.7, payload: { label_class: name, x: 1, y: 2, width: 30, height: 40 } }] }
  return (
    <Code block tabIndex={0} style={{ overflowX: 'auto' }}>
      {JSON.stringify({ external_id: 'a-17', ...said })}
    </Code>
  )
}

function Send({ project }: { project: Project }) {
  const { t } = useLingui()
  const [model, setModel] = useState('')
  const [version, setVersion] = useState('')
  const [bind, setBind] = useState(true)
  const [share, setShare] = useState(0)
  const send = useImportPredictions(project.id, setShare)
  const run = useRun(send.data?.id ?? null)
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start">
        <TextInput
          label={t`Model that made them`}
          placeholder={t`as the file`}
          value={model}
          maxLength={200}
          onChange={({ currentTarget }) => setModel(currentTarget.value)}
        />
        <TextInput
          label={t`Its version`}
          value={version}
          maxLength={200}
          onChange={({ currentTarget }) => setVersion(currentTarget.value)}
        />
      </Group>
      <Checkbox
        label={t`Make it the project’s model`}
        description={t`Else the model that learns there may say something newer.`}
        checked={bind}
        onChange={({ currentTarget }) => setBind(currentTarget.checked)}
      />
      <FileButton
        accept=".jsonl,.ndjson"
        onChange={(file) => file && send.mutate({ file, model: model.trim(), version: version.trim(), bind })}
      >
        {(props) => (
          <Button {...props} variant="default" w="fit-content" loading={send.isPending}>
            <Trans>Choose a JSONL file</Trans>
          </Button>
        )}
      </FileButton>
      {send.isPending && <Progress value={share * 100} size="sm" aria-label={t`Upload of the predictions`} />}
      {send.isError && <ProblemNote what={t`The predictions were not taken`} cause={send.error} />}
      {run.data && <RunProgress run={run.data} />}
      {run.data?.state === 'done' && run.data.n_faults === 0 && (
        <Text size="sm" c="var(--good)" role="status">
          <Trans>All of it was taken.</Trans>
        </Text>
      )}
    </Stack>
  )
}
