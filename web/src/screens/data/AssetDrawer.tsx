import { Trans, useLingui } from '@lingui/react/macro'
import { Drawer, Stack, Table, Text } from '@mantine/core'
import type { Asset } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { useBroken } from './useBroken'

type Props = { asset: Asset | null; dataset: string; close: () => void }

/** One asset as it is, and what is known of it. */
export function AssetDrawer({ asset, dataset, close }: Props) {
  const { t } = useLingui()
  return (
    <Drawer
      opened={asset !== null}
      onClose={close}
      position="right"
      size="md"
      title={asset?.name}
      closeButtonProps={{ 'aria-label': t`Close the panel` }}
    >
      {asset && (
        <Stack>
          {asset.media.text === null ? (
            <Whole key={asset.id} asset={asset} dataset={dataset} />
          ) : (
            <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {asset.media.text}
            </Text>
          )}
          <Facts asset={asset} />
        </Stack>
      )}
    </Drawer>
  )
}

function Whole({ asset, dataset }: { asset: Asset; dataset: string }) {
  const { t } = useLingui()
  const { url, media_type } = asset.media
  const { reason, tries, onBroken, retry } = useBroken(dataset, url)
  if (reason) return <ProblemNote what={t`“${asset.name}” cannot be shown`} cause={reason} retry={retry} />
  if (!url || !media_type.startsWith('image/'))
    return (
      <Text size="sm" className="quiet">
        <Trans>This text is too long to be shown here; the workspace shows all of it.</Trans>
      </Text>
    )
  return (
    <img
      key={tries}
      src={url}
      alt={asset.name}
      onError={onBroken}
      style={{ maxWidth: '100%', maxHeight: '60vh', objectFit: 'contain', background: 'var(--page)' }}
    />
  )
}

function Facts({ asset: { external_id, media, metadata, created_at } }: { asset: Asset }) {
  const { t } = useLingui()
  const format = useFormat()
  const facts: [string, React.ReactNode][] = [
    [t`Id`, external_id],
    [t`Type`, media.media_type],
    [t`Size`, format.bytes(media.n_bytes)],
  ]
  if (media.width && media.height) facts.push([t`Pixels`, `${media.width} × ${media.height}`])
  if (media.length) facts.push([t`Characters`, format.number(media.length)])
  facts.push([t`Added`, <Ago key="added" at={created_at} />])
  return (
    <Table verticalSpacing={4} layout="fixed">
      <Table.Tbody>
        {[...facts, ...Object.entries(metadata)].map(([name, value], at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: metadata may be called as our own facts are
          <Table.Tr key={at}>
            <Table.Th scope="row" w="35%" style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
