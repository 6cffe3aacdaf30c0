import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChangeProject } from '../../api/projects'
import type { InstructionsVersion, Project } from '../../api/types'
import { Ago } from '../common/Ago'
import { InstructionSections } from '../common/InstructionSections'
import { ProblemNote } from '../common/Note'
import { refusedFaults } from '../new-project/steps'
import { isOmission } from '../setup/faults'
import { InstructionsForm } from '../setup/InstructionsForm'
import { NewerNote } from '../setup/NewerNote'
import { type DraftClass, type DraftSection, draftSections, plainSections, sentSections } from '../setup/sections'
import { useDraft } from '../setup/useDraft'
import { useExamples, useSectionFaults } from '../setup/useExamples'

/** A version as it is read. */
export function InstructionsRead({ project, version }: { project: Project; version: InstructionsVersion }) {
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

type Draft = { text: string; sections: DraftSection[] }

/** The instructions as they are being written on; what others save meanwhile is told and overwrites nothing here. */
export function InstructionsDraft({ project, newest }: { project: Project; newest: InstructionsVersion }) {
  const { t } = useLingui()
  const change = useChangeProject(project.id)
  // The classes stand fast here, so their names are keys that will do.
  const classes: DraftClass[] = project.ontology.classes.map((each) => ({ ...each, key: each.name }))
  const draftOf = (version: InstructionsVersion): Draft => ({
    text: version.text,
    sections: draftSections(plainSections(version.sections), classes),
  })
  const spelled = (sections: DraftSection[]) => JSON.stringify(sentSections(sections, classes).sent)
  const isOtherText = (now: Draft, version: InstructionsVersion) => now.text !== version.text
  const areOtherSections = (now: Draft, version: InstructionsVersion) =>
    spelled(now.sections) !== spelled(draftOf(version).sections)
  const draft = useDraft({
    newest,
    idOf: ({ version }) => String(version),
    draftOf,
    isChanged: (now, version) => isOtherText(now, version) || areOtherSections(now, version),
  })
  const { text, sections } = draft.draft
  const [isTried, setTried] = useState(false)
  const examples = useExamples(project.dataset_id, sections)
  const found = useSectionFaults(sections, classes, examples.isThere)
  const { sent, places } = sentSections(sections, classes)
  const faults = [...found.filter((each) => isTried || !isOmission(each)), ...refusedFaults(change.error, places)]
  const save = () => {
    setTried(true)
    if (found.length) return
    const body = {
      ...(isOtherText(draft.draft, draft.base) && { instructions: text }),
      ...(areOtherSections(draft.draft, draft.base) && { sections: sent }),
    }
    const onSuccess = (saved: Project) => {
      setTried(false)
      draft.saved(String(saved.instructions.version), draft.draft)
    }
    change.mutate(body, { onSuccess })
  }
  const drop = () => {
    draft.take()
    setTried(false)
    change.reset()
  }
  return (
    <Stack>
      {draft.isBehind && !change.isPending && (
        <NewerNote take={drop}>
          <InstructionsRead project={project} version={newest} />
        </NewerNote>
      )}
      <InstructionsForm
        label={t`Text of the instructions`}
        text={text}
        changeText={(next) => draft.edit({ text: next })}
        sections={sections}
        changeSections={(next) => {
          draft.edit({ sections: next })
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
        <Button disabled={!draft.isChanged} loading={change.isPending} onClick={save}>
          <Trans>Save as version {newest.version + 1}</Trans>
        </Button>
        <Button variant="default" disabled={!draft.isChanged} onClick={drop}>
          <Trans>Discard the changes</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
