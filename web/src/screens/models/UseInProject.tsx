import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Progress, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { Problem } from '../../api/client'
import { useBindModel, usePredict, useProjectModel, useUnbindModel } from '../../api/models'
import { useCancelJob, useProjects } from '../../api/queries'
import type { Model, PredictionRun, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { Sure } from '../common/Sure'

/** Give the model to a project, and have it predict. */
export function UseInProject({ model }: { model: Model }) {
  const { t } = useLingui()
  const projects = useProjects().items.filter((each) => each.ontology.kind === model.kind)
  const [chosen, setChosen] = useState<string | null>(null)
  const project = projects.find((each) => each.id === chosen) ?? projects[0]
  return (
    <Section
      title={t`Use it in a project`}
      about={t`Its predictions take the place of those of the model that learns there.`}
    >
      {!project && (
        <Text size="sm" className="quiet">
          <Trans>No project asks for this kind of answer yet.</Trans>
        </Text>
      )}
      {project && (
        <>
          <Select
            label={t`Project`}
            data={projects.map((each) => ({ value: each.id, label: each.name }))}
            value={project.id}
            allowDeselect={false}
            onChange={setChosen}
            maw={360}
          />
          <InProject key={project.id} model={model} project={project} />
        </>
      )}
    </Section>
  )
}

function InProject({ model, project }: { model: Model; project: Project }) {
  const { t } = useLingui()
  const format = useFormat()
  const bound = useProjectModel(project.id)
  const bind = useBindModel(project.id)
  const unbind = useUnbindModel(project.id)
  const predict = usePredict(project.id)
  const hasNone = bound.error instanceof Problem && bound.error.code === 'predictions.no_model'
  const now = hasNone ? undefined : bound.data
  const isThis = now?.model.id === model.id
  const error = bind.error ?? unbind.error ?? predict.error ?? (hasNone ? null : bound.error)
  return (
    <Stack gap="sm">
      {now && !isThis && <Text size="sm">{t`It uses ${now.model.name} now.`}</Text>}
      {isThis ? (
        <>
          <Text size="sm">
            {t`${format.number(now.n_predicted)} assets predicted, ${format.number(now.n_open)} tasks open.`}{' '}
            {now.accuracy !== null &&
              t`Right on ${format.percent(now.accuracy)} of ${format.number(now.n_compared)} checked against people.`}
          </Text>
          {now.run && <Run run={now.run} />}
          <Group gap="xs">
            <Button size="compact-sm" loading={predict.isPending} onClick={() => predict.mutate(true)}>
              <Trans>Predict what has none yet</Trans>
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={predict.isPending}
              onClick={() => predict.mutate(false)}
            >
              <Trans>Predict all anew</Trans>
            </Button>
            <Sure
              label={t`Take the model away from ${project.name}`}
              deed={t`Use the learning model again`}
              busy={unbind.isPending}
              run={() => unbind.mutate(undefined)}
            >{t`Take it away`}</Sure>
            <Anchor component={Link} to={`/projects/${project.id}`} size="sm">
              <Trans>Open the project</Trans>
            </Anchor>
          </Group>
        </>
      ) : (
        <Button w="fit-content" loading={bind.isPending} onClick={() => bind.mutate(model.id)}>
          <Trans>Use it there and predict now</Trans>
        </Button>
      )}
      {error && <ProblemNote what={t`The project was not changed`} cause={error} />}
    </Stack>
  )
}

function Run({ run }: { run: PredictionRun }) {
  const { t } = useLingui()
  const format = useFormat()
  const cancel = useCancelJob()
  const isMoving = run.state === 'queued' || run.state === 'running'
  const share = run.n_total ? run.n_done / run.n_total : 0
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="quiet" aria-live="polite">
          {t`Last run: ${format.number(run.n_done)} of ${format.number(run.n_total)} assets, ${format.number(run.n_faults)} without a usable answer`}
        </Text>
        {isMoving && run.job_id && (
          <Button
            size="compact-xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(run.job_id as string)}
          >
            <Trans>Cancel</Trans>
          </Button>
        )}
      </Group>
      {isMoving && <Progress value={share * 100} size="sm" aria-label={t`Predictions`} />}
      {run.error && (
        <Text size="sm" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
          {run.error}
        </Text>
      )}
    </Stack>
  )
}
