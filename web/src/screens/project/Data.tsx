import { Trans, useLingui } from '@lingui/react/macro'
import { Button, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPhoto, IconSearch } from '@tabler/icons-react'
import { useSearchParams } from 'react-router'
import { useAssets, useDataset, useImports } from '../../api/queries'
import type { Asset } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Thumb } from '../common/Thumb'
import { ImportProgress } from '../new-project/ImportProgress'
import { useThisProject } from './ProjectLayout'

/** What came in: the assets, and how each import went. */
export function Data() {
  const { t } = useLingui()
  const format = useFormat()
  const project = useThisProject()
  const [search, setSearch] = useSearchParams()
  const typed = search.get('q') ?? ''
  const [q] = useDebouncedValue(typed, 250)
  const dataset = useDataset(project.dataset_id).data
  const imports = useImports(project.dataset_id).items
  const assets = useAssets(project.dataset_id, q)
  return (
    <Stack>
      {dataset && (
        <Text size="sm" className="quiet">
          {t`Dataset “${dataset.name}”: ${format.number(dataset.n_assets)} assets, ${format.bytes(dataset.n_bytes)}`}
        </Text>
      )}
      {imports.length > 0 && (
        <Panel>
          <Text fw={600} size="sm" mb="xs">
            <Trans>Imports</Trans>
          </Text>
          <Stack gap="sm">
            {imports.map((each) => (
              <ImportProgress key={each.id} name={each.name} share={1} id={each.id} cause={null} />
            ))}
          </Stack>
        </Panel>
      )}
      <TextInput
        aria-label={t`Search the assets by name`}
        placeholder={t`Search by name or id`}
        leftSection={<IconSearch size={15} />}
        maw={360}
        value={typed}
        onChange={({ currentTarget }) =>
          setSearch(currentTarget.value ? { q: currentTarget.value } : {}, { replace: true })
        }
      />
      {assets.isPending && <Skeleton height={240} />}
      {assets.isError && (
        <ProblemNote what={t`The assets could not be read`} cause={assets.error} retry={() => void assets.refetch()} />
      )}
      {assets.isSuccess && !assets.items.length && (
        <Empty icon={<IconPhoto size={40} stroke={1.4} />} title={t`No asset found`}>
          {q ? t`No name or id contains “${q}”.` : <Trans>The import has not brought anything in yet.</Trans>}
        </Empty>
      )}
      <SimpleGrid cols={{ base: 2, xs: 3, sm: 5, md: 8 }} spacing="sm">
        {assets.items.map((asset) => (
          <AssetCard key={asset.id} asset={asset} />
        ))}
      </SimpleGrid>
      {assets.hasNextPage && (
        <Button variant="default" loading={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Stack>
  )
}

function AssetCard({ asset }: { asset: Asset }) {
  return (
    <Stack gap={4} align="center" style={{ minWidth: 0 }}>
      {asset.media.text === null ? (
        <Thumb asset={asset} size={112} />
      ) : (
        <Text
          size="xs"
          h={112}
          w="100%"
          p={6}
          style={{ overflow: 'hidden', border: '1px solid var(--line)' }}
          dir="auto"
        >
          {asset.media.text.slice(0, 240)}
        </Text>
      )}
      <Text size="xs" className="quiet" truncate maw="100%" title={asset.external_id}>
        {asset.name}
      </Text>
    </Stack>
  )
}
