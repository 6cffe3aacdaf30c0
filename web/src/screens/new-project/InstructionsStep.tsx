import { Trans, useLingui } from '@lingui/react/macro'
import { Stack, Text, Title } from '@mantine/core'
import type { Fault } from '../../api/types'
import { InstructionsForm } from '../setup/InstructionsForm'
import type { useExamples } from '../setup/useExamples'
import type { Draft } from './draft'

type Props = {
  draft: Draft
  set: (part: Partial<Draft>) => void
  faults: readonly Fault[]
  examples: ReturnType<typeof useExamples>
}

/** What people should know before they answer. */
export function InstructionsStep({ draft, set, faults, examples }: Props) {
  const { t } = useLingui()
  return (
    <Stack>
      <div>
        <Title order={2} size="h4">
          <Trans>What should people know?</Trans>
        </Title>
        <Text className="quiet" size="sm">
          <Trans>It opens beside the asset. Say what to do in doubtful cases: that is where answers differ.</Trans>
        </Text>
      </div>
      <InstructionsForm
        label={t`Instructions`}
        text={draft.instructions}
        changeText={(instructions) => set({ instructions })}
        sections={draft.sections}
        changeSections={(sections) => set({ sections })}
        classes={draft.classes}
        dataset={draft.dataset}
        assets={examples.assets}
        remember={examples.remember}
        faults={faults}
      />
    </Stack>
  )
}
