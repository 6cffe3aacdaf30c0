import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Stepper, TextInput, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useCreateProject } from '../../api/queries'
import type { Attribute, Dataset, KindName, LabelClass, QualityTarget } from '../../api/types'
import { EDITORS } from '../../modalities'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { AttributesEditor, useAttributeFaults } from './AttributesEditor'
import { tidied } from './attributes'
import { ClassesStep, useClassFaults } from './ClassesStep'
import { DataStep } from './DataStep'
import { InstructionsStep } from './InstructionsStep'
import { KindChoice } from './KindChoice'
import { ObjectTargetStep } from './ObjectTargetStep'
import { TargetStep } from './TargetStep'

const USUAL: QualityTarget = {
  error: 0.01,
  confidence: 0.95,
  max_answers: 5,
  overlap: null,
  match_overlap: 0.5,
  min_agreement: 0.5,
  min_score: 0.5,
  budget: null,
}

/** From data to a running project in four steps; going back loses nothing. */
export function NewProject() {
  const { t } = useLingui()
  useTitle(t`New project`)
  const navigate = useNavigate()
  const isNarrow = useMediaQuery('(max-width: 640px)')
  const create = useCreateProject()
  const [step, setStep] = useState(0)
  const [name, setName] = useState('')
  const [dataset, setDataset] = useState<Dataset | null>(null)
  const [classes, setClasses] = useState<LabelClass[]>([])
  const [instructions, setInstructions] = useState('')
  const [target, setTarget] = useState(USUAL)
  const [attributes, setAttributes] = useState<Attribute[]>([])
  const [wanted, setWanted] = useState<KindName | null>(null)
  const editors = EDITORS.filter((editor) => editor.kind.modality === dataset?.modality)
  const editor = editors.find((each) => each.kind.name === wanted) ?? editors[0]
  const kind = editor?.kind.name
  const ofObjects = editor?.answers === 'objects'
  const names = classes.map((each) => each.name)
  const faults = useClassFaults(classes, ofObjects ? 1 : 2)
  const attributeFaults = useAttributeFaults(ofObjects ? attributes : [], names)
  const isReady = [Boolean(dataset?.n_assets), !faults.length && !attributeFaults.length, true, Boolean(name.trim())][
    step
  ]

  const finish = () => {
    if (!dataset || !kind) return
    create.mutate(
      {
        name: name.trim(),
        dataset_id: dataset.id,
        kind,
        classes,
        attributes: ofObjects ? tidied(attributes, names) : [],
        instructions,
        target,
      },
      { onSuccess: (project) => void navigate(`/projects/${project.id}`) },
    )
  }

  const chooseKind = (chosen: KindName) => {
    setWanted(chosen)
    const isOfObjects = EDITORS.find((each) => each.kind.name === chosen)?.answers === 'objects'
    setTarget((before) => ({ ...before, overlap: isOfObjects ? 1 : null }))
  }

  const choose = (chosen: Dataset | null) => {
    setDataset(chosen)
    if (chosen && chosen.modality !== dataset?.modality) {
      setWanted(null)
      setTarget((before) => ({ ...before, overlap: null }))
    }
    if (chosen && !name) setName(chosen.name)
  }

  const steps = [t`Data`, t`Classes`, t`Instructions`, t`Target`]
  return (
    <Stack gap="lg" maw={860}>
      <Title order={1} size="h3">
        <Trans>New project</Trans>
      </Title>
      <Stepper active={step} onStepClick={(to) => to < step && setStep(to)} size="xs" iconSize={28}>
        {steps.map((label, at) => (
          <Stepper.Step
            key={label}
            label={isNarrow ? undefined : label}
            aria-label={isNarrow ? `${at + 1} ${label}` : undefined}
          />
        ))}
      </Stepper>
      <Panel>
        {step === 0 && <DataStep dataset={dataset} choose={choose} />}
        {step === 1 && (
          <Stack gap="lg">
            <KindChoice editors={editors} kind={kind ?? ''} choose={chooseKind} />
            <ClassesStep classes={classes} change={setClasses} faults={faults} ofObjects={ofObjects} />
            {ofObjects && (
              <AttributesEditor
                attributes={attributes}
                change={setAttributes}
                classes={names}
                faults={attributeFaults}
              />
            )}
          </Stack>
        )}
        {step === 2 && <InstructionsStep text={instructions} change={setInstructions} />}
        {step === 3 && (
          <Stack gap="lg">
            <TextInput
              label={t`Name of the project`}
              value={name}
              maxLength={200}
              required
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            {ofObjects ? (
              <ObjectTargetStep target={target} change={setTarget} nAssets={dataset?.n_assets ?? 0} />
            ) : (
              <TargetStep target={target} change={setTarget} nAssets={dataset?.n_assets ?? 0} />
            )}
          </Stack>
        )}
      </Panel>
      {create.isError && <ProblemNote what={t`The project was not made`} cause={create.error} />}
      <Group justify="space-between">
        <Button variant="default" disabled={step === 0} onClick={() => setStep(step - 1)}>
          <Trans>Back</Trans>
        </Button>
        {step < 3 ? (
          <Button disabled={!isReady} onClick={() => setStep(step + 1)}>
            <Trans>Next</Trans>
          </Button>
        ) : (
          <Button disabled={!isReady} loading={create.isPending} onClick={finish}>
            <Trans>Create project</Trans>
          </Button>
        )}
      </Group>
    </Stack>
  )
}
