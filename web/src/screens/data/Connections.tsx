import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Skeleton, Stack, Title } from '@mantine/core'
import { IconBucket, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useConnections } from '../../api/ingest'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { useTitle } from '../common/useTitle'
import { ConnectionRow } from './ConnectionRow'
import { NewConnection } from './NewConnection'

/** Buckets that data come from. What they are opened with is sealed and never shown again. */
export function Connections() {
  const { t } = useLingui()
  useTitle(t`Connected buckets`)
  const connections = useConnections()
  const [isAdding, setAdding] = useState(false)
  return (
    <Stack maw={860}>
      <div>
        <Anchor component={Link} to="/datasets" size="sm">
          <Trans>All datasets</Trans>
        </Anchor>
        <Title order={1} size="h3">
          <Trans>Connected buckets</Trans>
        </Title>
      </div>
      {isAdding || (connections.isSuccess && !connections.items.length) ? (
        <NewConnection onDone={() => setAdding(false)} />
      ) : (
        connections.isSuccess && (
          <Button
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={15} />}
            onClick={() => setAdding(true)}
          >
            <Trans>Connect a bucket</Trans>
          </Button>
        )
      )}
      {connections.isPending && <Skeleton height={160} />}
      {connections.isError && (
        <ProblemNote
          what={t`The connections could not be read`}
          cause={connections.error}
          retry={() => void connections.refetch()}
        />
      )}
      {connections.isSuccess && !connections.items.length && (
        <Empty icon={<IconBucket size={40} stroke={1.4} />} title={t`No bucket is connected yet`}>
          <Trans>Data can be copied from a bucket, or stay there and only be shown from it.</Trans>
        </Empty>
      )}
      {connections.items.map((each) => (
        <ConnectionRow key={each.id} connection={each} />
      ))}
      {connections.hasNextPage && (
        <Button
          variant="default"
          loading={connections.isFetchingNextPage}
          onClick={() => void connections.fetchNextPage()}
        >
          <Trans>Show more</Trans>
        </Button>
      )}
    </Stack>
  )
}
