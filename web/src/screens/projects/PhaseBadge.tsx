import { useLingui } from '@lingui/react/macro'
import { Badge, Group, Tooltip } from '@mantine/core'
import type { Project } from '../../api/types'

/** Where a project is, in one word; its sentence on hover. And plainly, when its people are simulated. */
export function PhaseBadge({ project }: { project: Project }) {
  const { t } = useLingui()
  const words = {
    collecting: t`collecting`,
    routing: t`labelling`,
    checking: t`checking`,
    certified: t`certified`,
    review_needed: t`needs review`,
  }
  const tones = { collecting: 'gray', routing: 'gray', checking: 'gold', certified: 'green', review_needed: 'orange' }
  const isPaused = project.state === 'paused'
  return (
    <Group gap={6} component="span" display="inline-flex">
      <Tooltip label={project.phase_sentence}>
        <Badge variant="light" color={isPaused ? 'gray' : tones[project.phase]} tt="none" fw={550} radius="sm">
          {isPaused ? t`paused` : words[project.phase]}
        </Badge>
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
