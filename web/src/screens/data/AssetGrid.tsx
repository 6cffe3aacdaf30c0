import { Trans, useLingui } from '@lingui/react/macro'
import { Box, Skeleton, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue, useElementSize } from '@mantine/hooks'
import { IconPhoto, IconSearch } from '@tabler/icons-react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useAssets } from '../../api/queries'
import type { Id } from '../../api/types'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { AssetCard } from './AssetCard'
import { AssetDrawer } from './AssetDrawer'

const CARD_PX = 128
const ROW_PX = 152

/** What a dataset holds: as many as fit are drawn, the rest comes as one scrolls. */
export function AssetGrid({ datasetId }: { datasetId: string }) {
  const { t } = useLingui()
  const [search, setSearch] = useSearchParams()
  const typed = search.get('q') ?? ''
  const [q] = useDebouncedValue(typed, 250)
  const assets = useAssets(datasetId, q)
  return (
    <Stack>
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
      {assets.items.length > 0 && <Rows assets={assets} dataset={datasetId} />}
    </Stack>
  )
}

function Rows({ assets, dataset }: { assets: ReturnType<typeof useAssets>; dataset: Id }) {
  const { t } = useLingui()
  const { ref: sizeRef, width } = useElementSize()
  const top = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<Id | null>(null)
  const columns = Math.max(2, Math.floor(width / CARD_PX))
  const nRows = Math.ceil(assets.items.length / columns)
  const rows = useWindowVirtualizer({
    count: nRows,
    estimateSize: () => ROW_PX,
    overscan: 3,
    scrollMargin: top.current?.offsetTop ?? 0,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = assets
  useEffect(() => {
    if (last >= nRows - 2 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, nRows, hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <div ref={top}>
      <Box
        ref={sizeRef}
        role="list"
        aria-label={t`Assets`}
        style={{ position: 'relative', height: rows.getTotalSize() }}
      >
        {shown.map((row) => (
          <div
            key={row.key}
            role="presentation"
            style={{
              position: 'absolute',
              insetInline: 0,
              top: row.start - rows.options.scrollMargin,
              display: 'grid',
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              gap: 12,
            }}
          >
            {assets.items.slice(row.index * columns, (row.index + 1) * columns).map((asset) => (
              <AssetCard key={asset.id} asset={asset} dataset={dataset} open={() => setOpened(asset.id)} />
            ))}
          </div>
        ))}
      </Box>
      <AssetDrawer
        asset={assets.items.find(({ id }) => id === opened) ?? null}
        dataset={dataset}
        close={() => setOpened(null)}
      />
      {isFetchingNextPage && <Skeleton height={ROW_PX} mt="sm" />}
    </div>
  )
}
