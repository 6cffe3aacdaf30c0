import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { Problem } from '../../api/client'
import { useBindModel, useModelVersions, usePredict, useProjectModel, useUnbindModel } from '../../api/models'
import { useProjects } from '../../api/queries'
import type { Id, Model, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { Sure } from '../common/Sure'
import { RunProgress } from './RunProgress'

const NEWEST = 'newest'

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
  const [pinned, setPinned] = useState<Id | null>(null)
  const use = (version_id: Id | null) => bind.mutate({ model_id: model.id, version_id, predict: true })
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
          <Pinned model={model} value={now.version?.id ?? null} busy={bind.isPending} choose={use} />
          {now.run && <RunProgress run={now.run} />}
          <Group gap="xs">
            {model.settings && (
              <>
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
              </>
            )}
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
        <>
          <Pinned model={model} value={pinned} busy={bind.isPending} choose={setPinned} />
          <Button w="fit-content" loading={bind.isPending} onClick={() => use(pinned)}>
            {model.settings ? <Trans>Use it there and predict now</Trans> : <Trans>Use it there</Trans>}
          </Button>
        </>
      )}
      {error && <ProblemNote what={t`The project was not changed`} cause={error} />}
    </Stack>
  )
}

type PinnedProps = { model: Model; value: Id | null; busy: boolean; choose: (version: Id | null) => void }

/** Whether the newest version counts, whenever that is, or one that stays. */
function Pinned({ model, value, busy, choose }: PinnedProps) {
  const { t } = useLingui()
  const versions = useModelVersions(model.id).items
  if (!versions.length) return null
  return (
    <Select
      label={t`Version`}
      description={t`A version that is chosen stays when newer ones come; all open tasks are predicted with it.`}
      data={[
        { value: NEWEST, label: t`always the newest` },
        ...versions.map(({ id, version, name }) => ({
          value: id,
          label: name ? `${version} · ${name}` : `${version}`,
        })),
      ]}
      value={value ?? NEWEST}
      allowDeselect={false}
      disabled={busy}
      maw={360}
      onChange={(next) => choose(next === NEWEST ? null : next)}
    />
  )
}
