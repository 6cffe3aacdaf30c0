import { Trans, useLingui } from '@lingui/react/macro'
import { Skeleton, Stack, Table, Text } from '@mantine/core'
import { useMakeOwnKey, useOwnKeys, useRevokeOwnKey } from '../../api/account'
import { useCreateKey, useKeys, useRevokeKey } from '../../api/queries'
import { useMay } from '../../api/session'
import type { ApiKey } from '../../api/types'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { type KeyScope, useRoles, useScopes } from '../common/roles'
import { Section } from '../common/Section'
import { StateBadge } from '../common/StateBadge'
import { Sure } from '../common/Sure'
import { NewKey } from './NewKey'

/** The keys with which programs come in: as myself, or as programs of the organisation. */
export function Keys() {
  const mayManage = useMay('keys.manage')
  return (
    <Stack>
      <OwnKeys />
      {mayManage && <ServiceKeys />}
    </Stack>
  )
}

function OwnKeys() {
  const { t } = useLingui()
  const keys = useOwnKeys()
  const make = useMakeOwnKey()
  const revoke = useRevokeOwnKey()
  return (
    <Section
      title={t`My API keys`}
      about={t`A program that sends one acts as you, within the scope of the key. Use one for each program and computer.`}
    >
      <NewKey make={make} />
      <KeyList keys={keys} revoke={revoke} />
    </Section>
  )
}

function ServiceKeys() {
  const { t } = useLingui()
  const keys = useKeys()
  const make = useCreateKey()
  const revoke = useRevokeKey()
  return (
    <Section
      title={t`Keys of the organisation`}
      about={t`Each is a member of its own and stays when people leave. People's own keys are listed here as well.`}
    >
      <NewKey make={make} asksRole />
      <KeyList keys={keys} revoke={revoke} showsBearer />
    </Section>
  )
}

type ListProps = {
  keys: ReturnType<typeof useKeys>
  revoke: ReturnType<typeof useRevokeKey>
  showsBearer?: boolean
}

function KeyList({ keys, revoke, showsBearer = false }: ListProps) {
  const { t } = useLingui()
  if (keys.isPending) return <Skeleton height={120} />
  if (keys.isError)
    return <ProblemNote what={t`The keys could not be read`} cause={keys.error} retry={() => void keys.refetch()} />
  if (!keys.items.length)
    return (
      <Text size="sm" className="quiet">
        <Trans>No key yet.</Trans>
      </Text>
    )
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t`Name`}</Table.Th>
            {showsBearer && <Table.Th>{t`Acts as`}</Table.Th>}
            <Table.Th>{t`Scope`}</Table.Th>
            <Table.Th>{t`Begins with`}</Table.Th>
            <Table.Th>{t`Expires`}</Table.Th>
            <Table.Th>{t`Last used`}</Table.Th>
            <Table.Th>
              <span className="visually-hidden">{t`What can be done`}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.items.map((key) => (
            <KeyRow key={key.id} value={key} revoke={revoke} showsBearer={showsBearer} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function KeyRow({ value, revoke, showsBearer }: { value: ApiKey } & Pick<ListProps, 'revoke' | 'showsBearer'>) {
  const { t } = useLingui()
  const roles = useRoles()
  const scopes = useScopes()
  const isExpired = value.expires_at !== null && new Date(value.expires_at) < new Date()
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{value.name}</Table.Td>
      {showsBearer && (
        <Table.Td style={{ overflowWrap: 'anywhere' }}>
          {value.personal ? value.bearer : roles[value.role].title}
        </Table.Td>
      )}
      <Table.Td>{scopes[value.scope as KeyScope]?.title ?? value.scope}</Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace" span>
          {value.prefix}…
        </Text>
      </Table.Td>
      <Table.Td>{value.expires_at ? <Ago at={value.expires_at} /> : <Trans>never</Trans>}</Table.Td>
      <Table.Td>{value.last_used_at ? <Ago at={value.last_used_at} /> : <Trans>never</Trans>}</Table.Td>
      <Table.Td ta="end">
        {value.revoked_at ? (
          <StateBadge tone="plain">{t`revoked`}</StateBadge>
        ) : isExpired ? (
          <StateBadge tone="plain">{t`expired`}</StateBadge>
        ) : (
          <Sure
            label={t`Revoke ${value.name}`}
            deed={t`Revoke for good`}
            busy={revoke.isPending && revoke.variables === value.id}
            error={revoke.variables === value.id ? revoke.error : null}
            run={() => revoke.mutate(value.id)}
          >{t`Revoke`}</Sure>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
