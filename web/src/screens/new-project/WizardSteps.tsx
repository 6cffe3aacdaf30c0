import { useLingui } from '@lingui/react/macro'
import { Skeleton, Stack } from '@mantine/core'
import { AttributesEditor } from './AttributesEditor'
import { ClassesStep } from './ClassesStep'
import { DataStep } from './DataStep'
import { withClasses } from './draft'
import { InstructionsStep } from './InstructionsStep'
import { KindChoice } from './KindChoice'
import { PilotStep } from './PilotStep'
import { TargetStep } from './TargetStep'
import { TemplateChoice } from './TemplateChoice'
import type { Wizard } from './useWizard'

/** The step that is open. The first one stays, unseen, so that uploads go on. */
export function WizardSteps({ wizard }: { wizard: Wizard }) {
  const { draft, edit, shown, dataset, editor, ofObjects, nAssets, examples } = wizard
  const { step } = draft
  const faults = shown(step)
  return (
    <>
      <div hidden={step !== 0}>
        <DataStep
          dataset={draft.dataset}
          choose={(chosen) => edit({ dataset: chosen })}
          faults={step === 0 ? faults : []}
        />
      </div>
      {step === 1 && <AnswerStep wizard={wizard} />}
      {step === 2 && <InstructionsStep draft={draft} set={edit} faults={faults} examples={examples} />}
      {step === 3 && (
        <TargetStep
          target={draft.target}
          change={(target) => edit({ target })}
          ofObjects={ofObjects}
          nAssets={nAssets}
          faults={faults}
        />
      )}
      {step === 4 && (
        <PilotStep draft={draft} set={edit} go={wizard.go} dataset={dataset} editor={editor} faults={faults} />
      )}
    </>
  )
}

function AnswerStep({ wizard }: { wizard: Wizard }) {
  const { t } = useLingui()
  const { draft, edit, shown, dataset, editors, editor, ofObjects } = wizard
  if (!dataset || !editor) return <Skeleton height={240} aria-label={t`Loading`} />
  const faults = shown(1)
  return (
    <Stack gap="lg">
      <TemplateChoice draft={draft} change={edit} modality={dataset.modality} />
      <KindChoice editors={editors} kind={editor.kind.name} choose={(kind) => edit({ kind })} />
      <ClassesStep
        classes={draft.classes}
        change={(classes) => edit(withClasses(draft, classes))}
        faults={faults}
        ofObjects={ofObjects}
      />
      {ofObjects && (
        <AttributesEditor
          attributes={draft.attributes}
          change={(attributes) => edit({ attributes })}
          classes={draft.classes}
          faults={faults}
        />
      )}
    </Stack>
  )
}
