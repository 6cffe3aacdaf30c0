import { Trans, useLingui } from '@lingui/react/macro'
import { Skeleton, Text } from '@mantine/core'
import { useInstructions } from '../../api/projects'
import type { Project } from '../../api/types'
import { InstructionSections } from './InstructionSections'
import { Instructions } from './Instructions'
import { ProblemNote } from './Note'

type Props = { project: Project; version: number; about: string | null }

/** The instructions that hold for what lies on the table; their text is there at once, sections and examples follow. */
export function ProjectInstructions({ project, version, about }: Props) {
  const { t } = useLingui()
  const whole = useInstructions(project.id, version)
  const { instructions } = project
  const { classes } = project.ontology
  if (whole.data) {
    const { text, sections } = whole.data
    if (!text.trim() && !sections.length) {
      return (
        <Text size="sm" className="quiet">
          <Trans>Nothing was written for this project. Ask its lead where you are in doubt.</Trans>
        </Text>
      )
    }
    return <InstructionSections text={text} sections={sections} classes={classes} about={about} />
  }
  return (
    <>
      {instructions.version === version && <Instructions text={instructions.text} />}
      {whole.isPending && <Skeleton height={120} mt="md" />}
      {whole.isError && (
        <ProblemNote
          what={t`Sections and examples could not be read`}
          cause={whole.error}
          retry={() => void whole.refetch()}
        />
      )}
    </>
  )
}
