import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconBucket } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useConnections, useForgetConnection, useTestConnection } from '../../api/ingest'
import type { Connection } from '../../api/types'
import { Ago } from '../common/Ago'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { StateBadge } from '../common/StateBadge'
import { Sure } from '../common/Sure'
import { useTitle } from '../common/useTitle'
import { ConnectionResult } from './ConnectionResult'
import { NewConnection } from './NewConnection'

/** Buckets that data come from. What they are opened with is sealed and never shown again. */
export function Connections() {
  const { t } = useLingui()
  useTitle(t`Connected buckets`)
  const connections = useConnections()
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
      <NewConnection />
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
        <Row key={each.id} connection={each} />
      ))}
    </Stack>
  )
}

function Row({ connection }: { connection: Connection }) {
  const { t } = useLingui()
  const test = useTestConnection()
  const forget = useForgetConnection()
  const result = test.data ?? connection.test
  return (
    <Panel p="sm">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                {connection.name}
              </Text>
              {result && (
                <StateBadge tone={result.ok ? 'good' : 'warn'}>
                  {result.ok ? t`answers` : t`does not answer`}
                </StateBadge>
              )}
            </Group>
            <Text size="xs" className="quiet" style={{ overflowWrap: 'anywhere' }}>
              {connection.kind} · {connection.bucket}
              {connection.prefix && `/${connection.prefix}`}
              {connection.tested_at && (
                <>
                  {' · '}
                  <Trans>
                    asked <Ago at={connection.tested_at} />
                  </Trans>
                </>
              )}
            </Text>
          </div>
          <Group gap={4}>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t`Test ${connection.name}`}
              loading={test.isPending}
              onClick={() => test.mutate(connection.id)}
            >
              <Trans>Test</Trans>
            </Button>
            <Sure
              label={t`Forget ${connection.name}`}
              deed={t`Forget it`}
              busy={forget.isPending}
              error={forget.error}
              run={() => forget.mutate(connection.id)}
            >{t`Forget`}</Sure>
          </Group>
        </Group>
        {test.isError && <ProblemNote what={t`The bucket was not asked`} cause={test.error} />}
        {result && <ConnectionResult result={result} />}
      </Stack>
    </Panel>
  )
}
