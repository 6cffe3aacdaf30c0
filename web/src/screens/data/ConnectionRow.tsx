import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useForgetConnection, useTestConnection } from '../../api/ingest'
import type { Connection } from '../../api/types'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { StateBadge } from '../common/StateBadge'
import { Sure } from '../common/Sure'
import { ConnectionResult } from './ConnectionResult'
import { EditConnection } from './EditConnection'

/** One connected bucket: whether it answers, what depends on it, and what can be done with it. */
export function ConnectionRow({ connection }: { connection: Connection }) {
  const { t } = useLingui()
  const test = useTestConnection()
  const [isOpen, setOpen] = useState(false)
  const result = test.data ?? connection.test
  return (
    <Panel p="sm">
      <Stack gap="xs" component="section" aria-label={connection.name}>
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
            <Facts connection={connection} />
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
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t`Change ${connection.name}`}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <Trans>Change</Trans>
            </Button>
            {connection.n_references === 0 && <Forget connection={connection} />}
          </Group>
        </Group>
        {isOpen ? (
          <EditConnection
            connection={connection}
            onClose={() => setOpen(false)}
            onSaved={() => {
              setOpen(false)
              test.mutate(connection.id)
            }}
          />
        ) : (
          <>
            {test.isError && <ProblemNote what={t`The bucket was not asked`} cause={test.error} />}
            {result && <ConnectionResult result={result} />}
          </>
        )}
      </Stack>
    </Panel>
  )
}

function Facts({ connection }: { connection: Connection }) {
  const { kind, bucket, prefix, region, endpoint, account, secret_hint, tested_at, n_references } = connection
  const place = [kind, prefix ? `${bucket}/${prefix}` : bucket, region, account, endpoint, secret_hint]
  return (
    <Text size="xs" className="quiet" style={{ overflowWrap: 'anywhere' }}>
      {place.filter(Boolean).join(' · ')}
      {tested_at && (
        <>
          {' · '}
          <Trans>
            asked <Ago at={tested_at} />
          </Trans>
        </>
      )}
      {n_references > 0 && (
        <>
          <br />
          <Plural
            value={n_references}
            one="# file stays in this bucket and is shown from it; without the connection it could not be shown any more."
            other="# files stay in this bucket and are shown from it; without the connection they could not be shown any more."
          />
        </>
      )}
    </Text>
  )
}

function Forget({ connection }: { connection: Connection }) {
  const { t } = useLingui()
  const forget = useForgetConnection()
  return (
    <Sure
      label={t`Forget ${connection.name}`}
      deed={t`Forget it`}
      busy={forget.isPending}
      error={forget.error}
      run={() => forget.mutate(connection.id)}
    >{t`Forget`}</Sure>
  )
}
