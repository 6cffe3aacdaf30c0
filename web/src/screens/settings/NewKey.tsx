import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Checkbox, Code, CopyButton, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { useCreateKey } from '../../api/queries'
import type { Role } from '../../api/types'
import { ProblemNote } from '../common/Note'

const ROLES: Role[] = ['service', 'admin', 'manager', 'reviewer', 'annotator', 'auditor']

/** Make a key. It is shown this once: the server keeps only a hash of it. */
export function NewKey() {
  const { t } = useLingui()
  const create = useCreateKey()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('service')
  const [test, setTest] = useState(false)
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({ name: name.trim(), role, test }, { onSuccess: () => setName('') })
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t`Name of the key`}
            placeholder={t`what will use it`}
            value={name}
            maxLength={200}
            style={{ flex: '1 1 200px' }}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Select
            label={t`Role`}
            w={140}
            data={ROLES}
            value={role}
            allowDeselect={false}
            onChange={(value) => setRole(value as Role)}
          />
          <Checkbox
            label={t`test key`}
            mb={8}
            checked={test}
            onChange={({ currentTarget }) => setTest(currentTarget.checked)}
          />
          <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
            <Trans>Make a key</Trans>
          </Button>
        </Group>
      </form>
      {create.isError && <ProblemNote what={t`The key was not made`} cause={create.error} />}
      {create.data && (
        <Alert icon={<IconKey size={18} />} title={t`Copy it now: it is not shown again`} variant="light">
          <Group gap="xs">
            <Code style={{ overflowWrap: 'anywhere' }}>{create.data.key}</Code>
            <CopyButton value={create.data.key}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm" mt={4}>
            <Trans>Whoever has it may do what its role may do.</Trans>
          </Text>
        </Alert>
      )}
    </Stack>
  )
}
