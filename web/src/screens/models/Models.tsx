import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconBrain, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useModels } from '../../api/models'
import { useMay } from '../../api/session'
import type { Model } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { StateBadge } from '../common/StateBadge'
import { useTitle } from '../common/useTitle'
import { NewModel } from './NewModel'
import { PredictionFile } from './PredictionFile'
import { useAdapterTitles } from './titles'

/** Models that were brought along; the one that learns from answers needs no entry here. */
export function Models() {
  const { t } = useLingui()
  useTitle(t`Models`)
  const models = useModels()
  const [isAdding, setAdding] = useState(false)
  const mayAdd = useMay('work.manage')
  return (
    <Stack>
      <div>
        <Title order={1} size="h3">
          <Trans>Models</Trans>
        </Title>
        <Text size="sm" className="quiet">
          <Trans>
            Projects without one of these use the model that learns here from the answers. Predictions of any model are
            only the start: people and the random check decide.
          </Trans>
        </Text>
      </div>
      {mayAdd && (isAdding || (models.isSuccess && !models.items.length)) && <NewModel />}
      {mayAdd && !isAdding && models.items.length > 0 && (
        <Button variant="default" w="fit-content" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          <Trans>Bring a model</Trans>
        </Button>
      )}
      {models.isPending && <Skeleton height={200} />}
      {models.isError && (
        <ProblemNote what={t`The models could not be read`} cause={models.error} retry={() => void models.refetch()} />
      )}
      {models.isSuccess && !models.items.length && (
        <Empty icon={<IconBrain size={40} stroke={1.4} />} title={t`No model yet`}>
          <Trans>Bring an ONNX file, or give the address of a server that predicts.</Trans>
        </Empty>
      )}
      {models.items.length > 0 && (
        <Table.ScrollContainer minWidth={620}>
          <Table verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Name`}</Table.Th>
                <Table.Th>{t`How it is asked`}</Table.Th>
                <Table.Th>{t`State`}</Table.Th>
                <Table.Th ta="end">{t`Projects`}</Table.Th>
                <Table.Th ta="end">{t`Predictions`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {models.items.map((model) => (
                <Row key={model.id} model={model} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {models.hasNextPage && (
        <Button variant="default" loading={models.isFetchingNextPage} onClick={() => void models.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
      {mayAdd && <PredictionFile />}
    </Stack>
  )
}

function Row({ model }: { model: Model }) {
  const format = useFormat()
  const titles = useAdapterTitles()
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Anchor component={Link} to={`/models/${model.id}`} size="sm">
          {model.name}
        </Anchor>
        <Text size="xs" className="quiet">
          {model.kind}
          {model.latest && ` · ${model.latest.version}`}
        </Text>
      </Table.Td>
      <Table.Td>{titles[model.adapter] ?? model.adapter}</Table.Td>
      <Table.Td>
        <ModelState model={model} />
      </Table.Td>
      <Table.Td ta="end">{format.number(model.n_projects)}</Table.Td>
      <Table.Td ta="end">{format.number(model.n_predictions)}</Table.Td>
    </Table.Tr>
  )
}

/** Whether something went wrong, and no test has gone well since. */
export function isInTrouble({ error, error_at, test, tested_at }: Model): boolean {
  return error !== null && !(test?.ok && tested_at && error_at && tested_at > error_at)
}

/** Whether it works, as far as was last seen. */
export function ModelState({ model }: { model: Model }) {
  const { t } = useLingui()
  if (isInTrouble(model))
    return (
      <div>
        <StateBadge tone="warn">{t`in trouble`}</StateBadge>
        <Text size="xs" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
          {model.error?.message}
        </Text>
      </div>
    )
  if (!model.settings) return <span className="quiet">–</span> // nobody can ask it
  if (!model.tested_at) return <StateBadge tone="plain">{t`not tested yet`}</StateBadge>
  return (
    <Group gap={6}>
      <StateBadge tone="good">{t`works`}</StateBadge>
      <Text size="xs" className="quiet" span>
        <Trans>
          tested <Ago at={model.tested_at} />
        </Trans>
      </Text>
    </Group>
  )
}
