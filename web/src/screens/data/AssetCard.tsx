import { Box, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconPhotoOff } from '@tabler/icons-react'
import type { Asset } from '../../api/types'
import { Thumb } from '../common/Thumb'
import styles from './AssetCard.module.css'
import { useBroken } from './useBroken'

const SIZE_PX = 112

/** One asset among many: small, with its name; when its picture does not come, why. */
export function AssetCard({ asset, dataset, open }: { asset: Asset; dataset: string; open: () => void }) {
  return (
    <Stack role="listitem" miw={0}>
      <UnstyledButton className={styles.card} onClick={open}>
        {asset.media.text === null ? (
          <Small asset={asset} dataset={dataset} />
        ) : (
          <Text size="xs" h={SIZE_PX} w="100%" p={6} className={styles.text} dir="auto">
            {asset.media.text.slice(0, 240)}
          </Text>
        )}
        <Text size="xs" className="quiet" truncate maw="100%" title={asset.external_id}>
          {asset.name}
        </Text>
      </UnstyledButton>
    </Stack>
  )
}

function Small({ asset, dataset }: { asset: Asset; dataset: string }) {
  const { reason, tries, onBroken } = useBroken(dataset, asset.media.thumbnail_url ?? asset.media.url)
  if (reason)
    return (
      <Box w={SIZE_PX} h={SIZE_PX} p={6} className={styles.broken} title={reason}>
        <IconPhotoOff size={18} aria-hidden />
        <Text size="xs" lineClamp={4}>
          {reason}
        </Text>
      </Box>
    )
  // Pictures do not tell their parents of a failure, but it passes them on its way down.
  return (
    <div key={tries} onErrorCapture={onBroken}>
      <Thumb asset={asset} size={SIZE_PX} />
    </div>
  )
}
