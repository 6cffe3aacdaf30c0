import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useChangeProject, useInstructions } from '../../api/projects'
import type { InstructionsVersion, Project } from '../../api/types'
import { Ago } from '../common/Ago'
import { InstructionSections } from '../common/InstructionSections'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { refusedFaults } from '../new-project/steps'
import { isOmission } from '../setup/faults'
import { InstructionsForm } from '../setup/InstructionsForm'
import { type DraftClass, draftSections, plainSections, sentSections } from '../setup/sections'
import { useExamples, useSectionFaults } from '../setup/useExamples'

type Props = { project: Project; mayManage: boolean }

/** The instructions that hold now, to be written on, and every version that people have seen before. */
export function InstructionsSettings({ project, mayManage }: Props) {
  const { t } = useLingui()
  const newest = project.instructions.version
  const [wanted, setWanted] = useState<number | null>(null)
  const shown = wanted ?? newest
  const version = useInstructions(project.id, shown)
  const versions = Array.from({ length: newest }, (_, at) => newest - at).map((number) => ({
    value: String(number),
    label: number === newest ? t`Version ${number}, which holds now` : t`Version ${number}`,
  }))
  return (
    <Panel>
      <Stack>
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={2} size="h5">
              <Trans>Instructions</Trans>
            </Title>
            <Text size="sm" className="quiet">
              <Trans>A change makes a new version; every answer keeps the version that its author saw.</Trans>
            </Text>
          </div>
          <Select
            aria-label={t`Version of the instructions`}
            allowDeselect={false}
            w={240}
            data={versions}
            value={String(shown)}
            onChange={(number) => setWanted(Number(number) === newest ? null : Number(number))}
          />
        </Group>
        {version.isPending && <Skeleton height={220} />}
        {version.isError && (
          <ProblemNote
            what={t`The instructions could not be read`}
            cause={version.error}
            retry={() => void version.refetch()}
          />
        )}
        {version.data && mayManage && shown === newest && (
          <Form key={newest} project={project} version={version.data} />
        )}
        {version.data && !(mayManage && shown === newest) && <Read project={project} version={version.data} />}
      </Stack>
    </Panel>
  )
}

function Read({ project, version }: { project: Project; version: InstructionsVersion }) {
  const { text, sections, is_current, created_at } = version
  return (
    <div>
      {!is_current && (
        <Text size="sm" className="quiet" mb="xs">
          <Trans>
            Written <Ago at={created_at} />; it no longer holds.
          </Trans>
        </Text>
      )}
      {text.trim() || sections.length ? (
        <InstructionSections text={text} sections={sections} classes={project.ontology.classes} />
      ) : (
        <Text size="sm" className="quiet">
          <Trans>This version says nothing.</Trans>
        </Text>
      )}
    </div>
  )
}

function Form({ project, version }: { project: Project; version: InstructionsVersion }) {
  const { t } = useLingui()
  const change = useChangeProject(project.id)
  // The classes stand fast here, so their names are keys that will do.
  const classes: DraftClass[] = project.ontology.classes.map((each) => ({ ...each, key: each.name }))
  const before = () => draftSections(plainSections(version.sections), classes)
  const [text, setText] = useState(version.text)
  const [sections, setSections] = useState(before)
  const [isTried, setTried] = useState(false)
  const examples = useExamples(project.dataset_id, sections)
  const found = useSectionFaults(sections, classes, examples.isThere)
  const { sent, places } = sentSections(sections, classes)
  const isTextChanged = text !== version.text
  const areSectionsChanged = JSON.stringify(sent) !== JSON.stringify(sentSections(before(), classes).sent)
  const isChanged = isTextChanged || areSectionsChanged
  const faults = [...found.filter((each) => isTried || !isOmission(each)), ...refusedFaults(change.error, places)]
  const save = () => {
    setTried(true)
    if (!found.length) {
      change.mutate({ ...(isTextChanged && { instructions: text }), ...(areSectionsChanged && { sections: sent }) })
    }
  }
  const discard = () => {
    setText(version.text)
    setSections(before())
    setTried(false)
    change.reset()
  }
  return (
    <Stack>
      <InstructionsForm
        label={t`Text of the instructions`}
        text={text}
        changeText={setText}
        sections={sections}
        changeSections={(next) => {
          setSections(next)
          change.reset()
        }}
        classes={classes}
        dataset={project.dataset_id}
        assets={examples.assets}
        remember={examples.remember}
        faults={faults}
      />
      {change.isError && <ProblemNote what={t`The instructions were not saved`} cause={change.error} />}
      {isTried && found.length > 0 && (
        <Text size="sm" c="var(--bad)" role="alert">
          <Plural
            value={found.length}
            one="# thing is to be put right first."
            other="# things are to be put right first."
          />
        </Text>
      )}
      <Group>
        <Button disabled={!isChanged} loading={change.isPending} onClick={save}>
          <Trans>Save as version {version.version + 1}</Trans>
        </Button>
        <Button variant="default" disabled={!isChanged} onClick={discard}>
          <Trans>Discard the changes</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
