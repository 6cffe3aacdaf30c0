import { useLingui } from '@lingui/react/macro'
import { Radio, Stack } from '@mantine/core'
import type { Role } from '../../api/types'
import { useRoles } from '../common/roles'

type Props = { roles: Role[]; value: Role; onChange: (role: Role) => void; disabled?: boolean }

/** A role, with what it may do beside each. */
export function RoleChoice({ roles, value, onChange, disabled = false }: Props) {
  const { t } = useLingui()
  const known = useRoles()
  return (
    <Radio.Group label={t`Role`} value={value} onChange={(next) => onChange(next as Role)}>
      <Stack gap={6} mt={4}>
        {roles.map((role) => (
          <Radio key={role} value={role} disabled={disabled} label={known[role].title} description={known[role].may} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
