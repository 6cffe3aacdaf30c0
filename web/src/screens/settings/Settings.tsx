import { Trans, useLingui } from '@lingui/react/macro'
import { Badge, Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useKeys, useRevokeKey } from '../../api/queries'
import { useMay } from '../../api/session'
import type { ApiKey } from '../../api/types'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { NewKey } from './NewKey'

/** The keys with which programs come in. */
export function Settings() {
  const { t } = useLingui()
  useTitle(t`Settings`)
  const mayManage = useMay('keys.manage')
  return (
    <Stack maw={860}>
      <Title order={1} size="h3">
        <Trans>Settings</Trans>
      </Title>
      {mayManage ? (
        <Keys />
      ) : (
        <Text className="quiet">
          <Trans>Look and language are in your menu at the top. API keys are made by owners and admins.</Trans>
        </Text>
      )}
    </Stack>
  )
}

function Keys() {
  const { t } = useLingui()
  const keys = useKeys()
  return (
    <Panel>
      <Stack>
        <div>
          <Title order={2} size="h5">
            <Trans>API keys</Trans>
          </Title>
          <Text size="sm" className="quiet">
            <Trans>
              A program that sends a key may do what the role of the key may do. Test keys begin with “test_”.
            </Trans>
          </Text>
        </div>
        <NewKey />
        {keys.isPending && <Skeleton height={120} />}
        {keys.isError && (
          <ProblemNote what={t`The keys could not be read`} cause={keys.error} retry={() => void keys.refetch()} />
        )}
        {keys.isSuccess && keys.items.length === 0 && (
          <Text size="sm" className="quiet">
            <Trans>No key yet.</Trans>
          </Text>
        )}
        {keys.items.length > 0 && (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t`Name`}</Table.Th>
                  <Table.Th>{t`Role`}</Table.Th>
                  <Table.Th>{t`Begins with`}</Table.Th>
                  <Table.Th>{t`Last used`}</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">{t`What can be done`}</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {keys.items.map((key) => (
                  <KeyRow key={key.id} value={key} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Stack>
    </Panel>
  )
}

function KeyRow({ value }: { value: ApiKey }) {
  const { t } = useLingui()
  const revoke = useRevokeKey()
  const [isSure, setSure] = useState(false)
  return (
    <Table.Tr>
      <Table.Td>{value.name}</Table.Td>
      <Table.Td>{value.role}</Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace" span>
          {value.prefix}…
        </Text>
      </Table.Td>
      <Table.Td>{value.last_used_at ? <Ago at={value.last_used_at} /> : <Trans>never</Trans>}</Table.Td>
      <Table.Td ta="end">
        {value.revoked_at ? (
          <Badge variant="light" color="gray" tt="none" fw={500} radius="sm">
            <Trans>revoked</Trans>
          </Badge>
        ) : isSure ? (
          <Group gap={4} justify="flex-end" wrap="nowrap">
            <Button size="compact-xs" color="red" loading={revoke.isPending} onClick={() => revoke.mutate(value.id)}>
              <Trans>Revoke for good</Trans>
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setSure(false)}>
              <Trans>Keep</Trans>
            </Button>
          </Group>
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t`Revoke ${value.name}`}
            onClick={() => setSure(true)}
          >
            <Trans>Revoke</Trans>
          </Button>
        )}
        {revoke.isError && (
          <Text size="xs" c="var(--bad)">
            {revoke.error.message}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
