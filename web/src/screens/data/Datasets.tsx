import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, SegmentedControl, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconDatabase } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useCreateDataset, useDatasets } from '../../api/queries'
import { useMay } from '../../api/session'
import type { Dataset, Modality } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { useTitle } from '../common/useTitle'

/** All datasets; a project labels one of them. */
export function Datasets() {
  const { t } = useLingui()
  useTitle(t`Datasets`)
  const datasets = useDatasets()
  const mayMake = useMay('work.manage')
  return (
    <Stack>
      <Group justify="space-between" gap="sm">
        <Title order={1} size="h3">
          <Trans>Datasets</Trans>
        </Title>
        {mayMake && (
          <Button component={Link} to="/datasets/connections" variant="default">
            <Trans>Connected buckets</Trans>
          </Button>
        )}
      </Group>
      {mayMake && <NewDataset />}
      {datasets.isPending && <Skeleton height={240} />}
      {datasets.isError && (
        <ProblemNote
          what={t`The datasets could not be read`}
          cause={datasets.error}
          retry={() => void datasets.refetch()}
        />
      )}
      {datasets.isSuccess && !datasets.items.length && (
        <Empty icon={<IconDatabase size={40} stroke={1.4} />} title={t`No dataset yet`}>
          <Trans>
            A dataset holds what is to be labelled: images or texts, from files, folders, lists or a bucket.
          </Trans>
        </Empty>
      )}
      {datasets.items.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table verticalSpacing={8} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Name`}</Table.Th>
                <Table.Th>{t`What it holds`}</Table.Th>
                <Table.Th ta="end">{t`Assets`}</Table.Th>
                <Table.Th ta="end">{t`Size`}</Table.Th>
                <Table.Th>{t`Made`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {datasets.items.map((each) => (
                <Row key={each.id} dataset={each} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {datasets.hasNextPage && (
        <Button variant="default" loading={datasets.isFetchingNextPage} onClick={() => void datasets.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Stack>
  )
}

function Row({ dataset }: { dataset: Dataset }) {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Anchor component={Link} to={`/datasets/${dataset.id}`} size="sm">
          {dataset.name}
        </Anchor>
      </Table.Td>
      <Table.Td>{dataset.modality === 'image' ? t`Images` : t`Texts`}</Table.Td>
      <Table.Td ta="end">{format.number(dataset.n_assets)}</Table.Td>
      <Table.Td ta="end">{format.bytes(dataset.n_bytes)}</Table.Td>
      <Table.Td>
        <Ago at={dataset.created_at} />
      </Table.Td>
    </Table.Tr>
  )
}

function NewDataset() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const create = useCreateDataset()
  const [name, setName] = useState('')
  const [modality, setModality] = useState<Modality>('image')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate({ name: name.trim(), modality }, { onSuccess: ({ id }) => void navigate(`/datasets/${id}`) })
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t`Name of a new dataset`}
          value={name}
          maxLength={200}
          style={{ flex: '1 1 200px' }}
          maw={360}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t`What it holds`}
          value={modality}
          onChange={(value) => setModality(value as Modality)}
          data={[
            { value: 'image', label: t`Images` },
            { value: 'text', label: t`Texts` },
          ]}
        />
        <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
          <Trans>Make a dataset</Trans>
        </Button>
      </Group>
      {create.isError && (
        <Text size="sm" c="var(--bad)" role="alert">
          {create.error.message}
        </Text>
      )}
    </form>
  )
}
