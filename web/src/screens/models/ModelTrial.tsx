import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, List, Select, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useModelVersions, useTestModel } from '../../api/models'
import { useProjects } from '../../api/queries'
import type { Id, Model, ModelTest } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { FaultList, ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { StateBadge } from '../common/StateBadge'

/** Ask the model now: whether it answers, in the right form, how fast, and whether its classes are those of a project. */
export function ModelTrial({ model }: { model: Model }) {
  const { t } = useLingui()
  const projects = useProjects().items.filter((each) => each.ontology.kind === model.kind)
  const test = useTestModel(model.id)
  const [project, setProject] = useState<string | null>(null)
  const versions = useModelVersions(model.id).items
  const [version, setVersion] = useState<Id | null>(null)
  const result = test.data ?? model.test
  return (
    <Section title={t`Test`} about={t`With a project, a few of its assets are sent and the classes are compared.`}>
      <Group align="flex-end" gap="sm">
        <Select
          label={t`With assets of`}
          placeholder={t`no project: connection only`}
          data={projects.map((each) => ({ value: each.id, label: each.name }))}
          value={project}
          onChange={setProject}
          clearable
          style={{ flex: '1 1 220px' }}
          maw={360}
        />
        {versions.length > 1 && model.adapter === 'onnx' && (
          <Select
            label={t`Version`}
            placeholder={t`the newest`}
            data={versions.map((each) => ({
              value: each.id,
              label: each.name ? `${each.version} · ${each.name}` : `${each.version}`,
            }))}
            value={version}
            onChange={setVersion}
            clearable
            style={{ flex: '1 1 160px' }}
            maw={280}
          />
        )}
        <Button loading={test.isPending} onClick={() => test.mutate({ project_id: project, version_id: version })}>
          <Trans>Test it now</Trans>
        </Button>
      </Group>
      {test.isError && <ProblemNote what={t`The model was not tested`} cause={test.error} />}
      {result && <Result result={result} />}
    </Section>
  )
}

function Result({ result }: { result: ModelTest }) {
  const { t } = useLingui()
  const format = useFormat()
  const took = useTook()
  const { latency, classes } = result
  return (
    <Stack gap="xs" role="status">
      {result.steps.map((step) => (
        <Group key={step.name} gap="xs" align="flex-start" wrap="nowrap">
          <StateBadge tone={step.ok === null ? 'plain' : step.ok ? 'good' : 'warn'} style={{ flex: 'none' }}>
            {step.ok === null ? t`not tried` : step.ok ? t`good` : t`fails`}
          </StateBadge>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {step.message}
          </Text>
        </Group>
      ))}
      {latency && (
        <Text size="sm">
          {t`One asset takes ${took(latency.p50_s)} (median of ${format.number(latency.n)}), ${took(latency.p95_s)} at the slowest twentieth.`}
        </Text>
      )}
      {classes && classes.only_model.length > 0 && (
        <Text size="sm" c="var(--warn)">
          {t`The project does not know: ${classes.only_model.join(', ')}`}
        </Text>
      )}
      {classes && classes.only_project.length > 0 && (
        <Text size="sm" c="var(--warn)">
          {t`The model never says: ${classes.only_project.join(', ')}`}
        </Text>
      )}
      {result.faults.length > 0 && <FaultList faults={result.faults} />}
      {result.samples.length > 0 && <Samples result={result} />}
    </Stack>
  )
}

function Samples({ result }: { result: ModelTest }) {
  const { t } = useLingui()
  const format = useFormat()
  const took = useTook()
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t`Asset`}</Table.Th>
            <Table.Th>{t`Answer`}</Table.Th>
            <Table.Th ta="end">{t`Time`}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {result.samples.map((sample) => {
            const [best] = Object.entries(sample.probabilities ?? {}).sort(([, a], [, b]) => b - a)
            return (
              <Table.Tr key={sample.asset_id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{sample.name}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {best && `${best[0]} ${format.percent(best[1])}`}
                  {sample.annotations && t`${format.number(sample.annotations.length)} objects`}
                  {sample.faults.length > 0 && (
                    <List size="xs">
                      {sample.faults.map((fault) => (
                        <List.Item key={`${fault.where}${fault.code}`}>{fault.message}</List.Item>
                      ))}
                    </List>
                  )}
                </Table.Td>
                <Table.Td ta="end">{took(sample.duration_s)}</Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** How long an answer took: most take less than a second. */
function useTook(): (seconds: number) => string {
  const format = useFormat()
  return (seconds) => {
    if (seconds >= 1) return format.seconds(seconds)
    const ms = seconds * 1000
    return `${format.number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))}\u202fms`
  }
}
