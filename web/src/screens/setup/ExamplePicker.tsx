import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { FRESH_LINKS_MS } from '../../api/projects'
import { usePages } from '../../api/queries'
import type { Asset, Id } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { PickerGrid } from './PickerGrid'
import { toggledWithin } from './picking'
import type { ExampleSide } from './sections'

const PER_PAGE = 24

export type Picking = { side: ExampleSide; taken: readonly Id[]; room: number }
type Props = { dataset: Id; picking: Picking; take: (assets: readonly Asset[]) => void; close: () => void }

/** Assets of the dataset to choose examples from: searched by name, walked by arrow keys, chosen by the space bar. */
export function ExamplePicker({ dataset, picking, take, close }: Props) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, 200)
  const assets = usePages<Asset>(`/datasets/${dataset}/assets`, { q }, PER_PAGE, FRESH_LINKS_MS)
  const [chosen, setChosen] = useState<readonly Asset[]>([])
  const isFull = chosen.length >= picking.room
  const toggle = (asset: Asset) => {
    const known = chosen.find(({ id }) => id === asset.id) ?? asset
    setChosen(toggledWithin(chosen, known, picking.room))
  }
  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      title={picking.side === 'good' ? t`Choose good examples` : t`Choose examples of what is wrong`}
      closeButtonProps={{ 'aria-label': t`Close without choosing` }}
      styles={{ title: { fontWeight: 600 } }}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          aria-label={t`Search the assets by name`}
          placeholder={t`Search by name or id`}
          leftSection={<IconSearch size={15} />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        {assets.isPending && <Skeleton height={220} />}
        {assets.isError && (
          <ProblemNote
            what={t`The assets could not be read`}
            cause={assets.error}
            retry={() => void assets.refetch()}
          />
        )}
        {assets.isSuccess && !assets.items.length && (
          <Text className="quiet" size="sm" py="lg" role="status">
            {q ? t`No name or id contains “${q}”.` : t`The dataset has no assets yet.`}
          </Text>
        )}
        {assets.items.length > 0 && (
          <PickerGrid
            assets={assets.items}
            chosen={chosen.map(({ id }) => id)}
            taken={picking.taken}
            toggle={toggle}
            more={assets.hasNextPage && !assets.isFetchingNextPage ? () => void assets.fetchNextPage() : null}
          />
        )}
        <Group justify="space-between">
          <Text size="sm" className="quiet" role="status">
            <Plural value={chosen.length} _0="None chosen" one="# chosen" other="# chosen" />
            {isFull && (
              <>
                {' · '}
                <Trans>more do not fit in</Trans>
              </>
            )}
          </Text>
          <Group gap="xs">
            {assets.hasNextPage && (
              <Button variant="default" loading={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>
                <Trans>Show more</Trans>
              </Button>
            )}
            <Button disabled={!chosen.length} onClick={() => take(chosen)}>
              <Plural value={chosen.length} _0="Take them" one="Take this one" other="Take these #" />
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}
