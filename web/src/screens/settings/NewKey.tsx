import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import { rolesGivenBy } from '../../api/people'
import { useSession } from '../../api/session'
import type { MadeKey, NewKey as NewKeyBody, Role } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { type KeyScope, useRoles, useScopes } from '../common/roles'
import { ShownOnce } from '../common/ShownOnce'

type Props = { make: UseMutationResult<MadeKey, Error, NewKeyBody>; asksRole?: boolean }

const DAY_MS = 86_400_000

/** Make a key. It is shown this once: the server keeps only a hash of it. */
export function NewKey({ make, asksRole = false }: Props) {
  const { t } = useLingui()
  const roles = useRoles()
  const scopes = useScopes()
  const grantable = rolesGivenBy(useSession().data?.role)
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('service')
  const [scope, setScope] = useState<KeyScope>('full')
  const [days, setDays] = useState('90')
  const [test, setTest] = useState(false)
  const send = () =>
    make.mutate(
      {
        name: name.trim(),
        scope,
        test,
        expires_at: days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null,
        ...(asksRole && { role }),
      },
      { onSuccess: () => setName('') },
    )
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t`Name of the key`}
            placeholder={t`what will use it`}
            value={name}
            maxLength={100}
            style={{ flex: '1 1 200px' }}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          {asksRole && (
            <Select
              label={t`Role`}
              w={130}
              data={grantable.map((each) => ({ value: each, label: roles[each].title }))}
              value={role}
              allowDeselect={false}
              onChange={(value) => setRole(value as Role)}
            />
          )}
          <Select
            label={t`Scope`}
            w={140}
            data={Object.entries(scopes).map(([value, { title }]) => ({ value, label: title }))}
            value={scope}
            allowDeselect={false}
            onChange={(value) => setScope(value as KeyScope)}
          />
          <Select
            label={t`Expires`}
            w={130}
            data={[
              { value: '7', label: t`in 7 days` },
              { value: '30', label: t`in 30 days` },
              { value: '90', label: t`in 90 days` },
              { value: '365', label: t`in a year` },
              { value: '', label: t`never` },
            ]}
            value={days}
            allowDeselect={false}
            onChange={(value) => setDays(value ?? '')}
          />
          <Checkbox
            label={t`test key`}
            mb={8}
            checked={test}
            onChange={({ currentTarget }) => setTest(currentTarget.checked)}
          />
          <Button type="submit" disabled={!name.trim()} loading={make.isPending}>
            <Trans>Make a key</Trans>
          </Button>
        </Group>
      </form>
      <span className="quiet" style={{ fontSize: 12 }}>
        {scopes[scope].may}
      </span>
      {make.isError && <ProblemNote what={t`The key was not made`} cause={make.error} />}
      {make.data && (
        <ShownOnce title={t`Copy it now: it is not shown again`} secret={make.data.key}>
          <Trans>Whoever has it may do what it may do.</Trans>
        </ShownOnce>
      )}
    </Stack>
  )
}
