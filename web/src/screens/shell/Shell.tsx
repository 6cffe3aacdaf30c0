import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  AppShell,
  Burger,
  Container,
  Drawer,
  Group,
  Kbd,
  NavLink,
  Text,
  UnstyledButton,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Suspense } from 'react'
import { Link, Outlet, NavLink as RouterLink, useLocation } from 'react-router'
import { useSession } from '../../api/session'
import { Mark } from './Mark'
import { Palette } from './Palette'
import styles from './Shell.module.css'
import { UserMenu } from './UserMenu'

/** The frame of every screen but the workspace: where one can go, and the way to find anything. */
export function Shell() {
  const { t } = useLingui()
  const [menuIsOpen, menu] = useDisclosure()
  const [paletteIsOpen, palette] = useDisclosure()
  const places = usePlaces()
  const { pathname } = useLocation()
  return (
    <AppShell header={{ height: 52 }} padding={0}>
      <a href="#main" className="skip-link">
        <Trans>Skip to the content</Trans>
      </a>
      <AppShell.Header className={styles.header}>
        <Group h="100%" px="md" gap="lg" wrap="nowrap">
          <Burger opened={menuIsOpen} onClick={menu.toggle} hiddenFrom="md" size="sm" aria-label={t`Menu`} />
          <UnstyledButton component={Link} to="/" aria-label={t`Karat, home`}>
            <Mark />
          </UnstyledButton>
          <Group component="nav" gap={4} visibleFrom="md" wrap="nowrap" aria-label={t`Main`}>
            {places.map(({ to, title }) => (
              <RouterLink key={to} to={to} end={to === '/'} className={styles.place ?? ''}>
                {title}
              </RouterLink>
            ))}
          </Group>
          <Group ml="auto" gap="xs" wrap="nowrap">
            <UnstyledButton
              className={styles.search}
              onClick={palette.open}
              visibleFrom="sm"
              title={t`Find anything`}
              aria-keyshortcuts="Control+K"
            >
              <IconSearch size={15} aria-hidden />
              <Text size="sm" span>
                <Trans>Find</Trans>
              </Text>
              <Kbd size="xs" aria-hidden>
                Ctrl K
              </Kbd>
            </UnstyledButton>
            <ActionIcon
              hiddenFrom="sm"
              variant="subtle"
              color="gray"
              onClick={palette.open}
              aria-label={t`Find anything`}
            >
              <IconSearch size={18} />
            </ActionIcon>
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <Drawer opened={menuIsOpen} onClose={menu.close} size="xs" title={<Mark />}>
        {places.map(({ to, title }) => (
          <NavLink key={to} component={Link} to={to} label={title} active={pathname === to} onClick={menu.close} />
        ))}
      </Drawer>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <Container size={1240} py="lg" px="md">
          <Suspense>
            <Outlet />
          </Suspense>
        </Container>
      </AppShell.Main>
      <Palette opened={paletteIsOpen} open={palette.open} close={palette.close} places={places} />
    </AppShell>
  )
}

/** Where this person can go. */
function usePlaces(): { to: string; title: string }[] {
  const { t } = useLingui()
  const actions = useSession().data?.actions ?? []
  return [
    { to: '/', title: t`Home` },
    { to: '/projects', title: t`Projects` },
    ...(actions.includes('work.manage') ? [{ to: '/datasets', title: t`Datasets` }] : []),
    ...(actions.includes('quality.see') ? [{ to: '/models', title: t`Models` }] : []),
    ...(actions.includes('people.see') ? [{ to: '/people', title: t`People` }] : []),
    ...(actions.includes('work.manage') ? [{ to: '/jobs', title: t`Jobs` }] : []),
    ...(actions.includes('audit.see') ? [{ to: '/audit', title: t`Audit` }] : []),
    { to: '/settings', title: t`Settings` },
  ]
}
