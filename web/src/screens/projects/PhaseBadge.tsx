import { useLingui } from '@lingui/react/macro'
import { Badge, Group, Tooltip } from '@mantine/core'
import type { Project } from '../../api/types'
import { useTold } from '../../i18n/told'
import { StateBadge } from '../common/StateBadge'

/** Where a project is, in one word; its sentence on hover. And plainly, when its people are simulated. */
export function PhaseBadge({ project }: { project: Project }) {
  const { t } = useLingui()
  const told = useTold()
  const words = {
    pilot: t`pilot`,
    collecting: t`collecting`,
    routing: t`labelling`,
    checking: t`checking`,
    certified: t`certified`,
    review_needed: t`needs review`,
  }
  const tones = {
    pilot: 'accent',
    collecting: 'plain',
    routing: 'plain',
    checking: 'accent',
    certified: 'good',
    review_needed: 'warn',
  } as const
  const isPaused = project.state === 'paused'
  return (
    <Group gap={6} component="span" display="inline-flex">
      <Tooltip label={told(project.phase_sentence, project.phase_said)}>
        <span>
          <StateBadge tone={isPaused ? 'plain' : tones[project.phase]}>
            {isPaused ? t`paused` : words[project.phase]}
          </StateBadge>
        </span>
      </Tooltip>
      {project.simulated && (
        <Tooltip label={t`The answers of this project come from simulated people, made from known labels.`}>
          <Badge variant="outline" color="gray" tt="none" fw={500} radius="sm">
            {t`simulated people`}
          </Badge>
        </Tooltip>
      )}
    </Group>
  )
}
