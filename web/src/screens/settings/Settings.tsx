import { useLingui } from '@lingui/react/macro'
import { Stack, Title } from '@mantine/core'
import { Outlet } from 'react-router'
import { useMay } from '../../api/session'
import { PlaceTabs } from '../common/PlaceTabs'
import { useTitle } from '../common/useTitle'

/** What one sets for oneself, and, for owners and admins, for the organisation. */
export function Settings() {
  const { t } = useLingui()
  useTitle(t`Settings`)
  const mayKeys = useMay('self.keys')
  const mayManage = useMay('tenant.manage')
  const places = [
    { to: '/settings', title: t`Profile` },
    { to: '/settings/security', title: t`Security` },
    ...(mayKeys ? [{ to: '/settings/keys', title: t`API keys` }] : []),
    ...(mayManage ? [{ to: '/settings/organisation', title: t`Organisation` }] : []),
  ]
  return (
    <Stack maw={860}>
      <Title order={1} size="h3">
        {t`Settings`}
      </Title>
      <PlaceTabs label={t`Parts of the settings`} places={places} />
      <Outlet />
    </Stack>
  )
}
