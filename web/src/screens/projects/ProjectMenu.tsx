import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Menu } from '@mantine/core'
import { IconArchive, IconCopy, IconDots } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useMay } from '../../api/session'
import type { Project } from '../../api/types'

/** What is done with a project as a whole, and rarely. */
export function ProjectMenu({ project }: { project: Project }) {
  const { t } = useLingui()
  if (!useMay('work.manage')) return null
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t`More about ${project.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={`/projects/${project.id}/clone`} leftSection={<IconCopy size={16} />}>
          <Trans>Clone</Trans>
        </Menu.Item>
        <Menu.Item
          component={Link}
          to={`/projects/${project.id}/deliveries?part=archives`}
          leftSection={<IconArchive size={16} />}
        >
          <Trans>Archive, to move or keep</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
