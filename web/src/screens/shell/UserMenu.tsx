import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core'
import { IconLogout, IconSettings, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useSession, useSignOut } from '../../api/session'
import { chooseLanguage, LANGUAGES, type Language } from '../../i18n'
import { useRoles } from '../common/roles'

/** Who I am here, how it looks, which language, and the way out. */
export function UserMenu() {
  const { t, i18n } = useLingui()
  const session = useSession().data
  const signOut = useSignOut()
  const roles = useRoles()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [failed, setFailed] = useState(false)
  const schemes = [
    { value: 'auto', title: t`As the system` },
    { value: 'light', title: t`Light` },
    { value: 'dark', title: t`Dark` },
  ] as const
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={t`Your menu`}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {session?.user.name}
          </Text>
          {session?.tenant.name} · {session && roles[session.role].title}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings/security" leftSection={<IconSettings size={16} />}>
          <Trans>Account and security</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Look</Trans>
        </Menu.Label>
        {schemes.map(({ value, title }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            rightSection={colorScheme === value ? '✓' : ''}
            onClick={() => setColorScheme(value)}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>
          <Trans>Language</Trans>
        </Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            role="menuitemradio"
            aria-checked={i18n.locale === language}
            rightSection={i18n.locale === language ? '✓' : ''}
            onClick={() => void chooseLanguage(language)}
            lang={language}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          closeMenuOnClick={false}
          onClick={() => void signOut().catch(() => setFailed(true))}
        >
          {failed ? <Trans>Signing out failed: try again</Trans> : <Trans>Sign out</Trans>}
        </Menu.Item>
        <Menu.Label>Karat {session?.version}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}
