import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Stepper, Text, Title, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { type Draft, isBegun, pilotDraftOf } from './draft'
import { N_STEPS, useStepFocus, useWizard, type Wizard } from './useWizard'
import { WizardSteps } from './WizardSteps'

/** From data to a running project in five steps; going back, and coming back another day, loses nothing. */
export function NewProject() {
  const { t } = useLingui()
  useTitle(t`New project`)
  const wizard = useWizard()
  const { draft, create, nAssets } = wizard
  const { step } = draft
  const panel = useStepFocus(step, wizard.asked)
  const [cleared, setCleared] = useState<Draft | null>(null)
  const [round, setRound] = useState(0)
  const isPilot = pilotDraftOf(draft, nAssets).isWanted
  return (
    <Stack gap="lg" maw={step === 2 ? 1100 : 900}>
      <Title order={1} size="h3">
        <Trans>New project</Trans>
      </Title>
      <Progress wizard={wizard} />
      {create.isError && <ProblemNote what={t`The project was not made`} cause={create.error} />}
      <Panel>
        <div ref={panel} tabIndex={-1} style={{ outline: 'none' }}>
          <WizardSteps key={round} wizard={wizard} />
        </div>
      </Panel>
      <Group justify="space-between">
        <Button variant="default" disabled={step === 0} onClick={() => wizard.go(step - 1)}>
          <Trans>Back</Trans>
        </Button>
        {step < N_STEPS - 1 ? (
          <Button onClick={() => void wizard.next()}>
            <Trans>Next</Trans>
          </Button>
        ) : (
          <Button loading={create.isPending} onClick={wizard.finish}>
            {isPilot ? <Trans>Create project and begin the pilot</Trans> : <Trans>Create project</Trans>}
          </Button>
        )}
      </Group>
      <Kept
        wizard={wizard}
        cleared={cleared}
        clear={() => {
          setCleared(draft)
          setRound(round + 1)
          wizard.startOver()
        }}
        putBack={(before) => {
          wizard.putBack(before)
          setCleared(null)
        }}
      />
    </Stack>
  )
}

function Progress({ wizard }: { wizard: Wizard }) {
  const { t } = useLingui()
  const isNarrow = useMediaQuery('(max-width: 640px)')
  const { step, reached } = wizard.draft
  const steps = [t`Data`, t`Classes`, t`Instructions`, t`Target`, t`Pilot`]
  return (
    <Stepper active={step} onStepClick={wizard.go} size="xs" iconSize={28}>
      {steps.map((label, at) => {
        const isFaulty = at <= reached && wizard.shown(at).length > 0
        const fault = isFaulty ? `: ${t`something is to be put right`}` : ''
        return (
          <Stepper.Step
            key={label}
            label={
              isNarrow ? undefined : (
                <>
                  {label}
                  <VisuallyHidden>{fault}</VisuallyHidden>
                </>
              )
            }
            aria-label={isNarrow ? `${at + 1} ${label}${fault}` : undefined}
            allowStepSelect={at <= reached}
            color={isFaulty ? 'red' : undefined}
          />
        )
      })}
    </Stepper>
  )
}

type KeptProps = { wizard: Wizard; cleared: Draft | null; clear: () => void; putBack: (draft: Draft) => void }

/** That nothing is lost, said where one would wonder; and the way to lose it on purpose. */
function Kept({ wizard, cleared, clear, putBack }: KeptProps) {
  if (isBegun(wizard.draft)) {
    return (
      <Group gap="xs">
        <Text size="sm" className="quiet">
          {wizard.isKept ? (
            <Trans>What you enter is kept in this browser until the project is made.</Trans>
          ) : (
            <Trans>This browser keeps nothing: what you enter is lost when the page is closed.</Trans>
          )}
        </Text>
        <Button size="compact-xs" variant="default" onClick={clear}>
          <Trans>Start over</Trans>
        </Button>
      </Group>
    )
  }
  if (!cleared) return null
  return (
    <Group gap="xs" role="status">
      <Text size="sm" className="quiet">
        <Trans>Cleared.</Trans>
      </Text>
      <Button size="compact-xs" variant="default" onClick={() => putBack(cleared)}>
        <Trans>Put it back</Trans>
      </Button>
    </Group>
  )
}
