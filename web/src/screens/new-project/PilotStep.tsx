import { Trans, useLingui } from '@lingui/react/macro'
import { Stack, TextInput, Title } from '@mantine/core'
import type { Dataset, Fault } from '../../api/types'
import type { Editor } from '../../modalities/kind'
import { faultAt } from '../setup/faults'
import { PilotFields } from '../setup/PilotFields'
import { recommended } from '../setup/pilot'
import { type Draft, pilotDraftOf } from './draft'
import { Summary } from './Summary'

type Props = {
  draft: Draft
  set: (part: Partial<Draft>) => void
  go: (step: number) => void
  dataset: Dataset | null
  editor: Editor | undefined
  faults: readonly Fault[]
}

/** The name, whether to try it out first, and everything once more before it begins. */
export function PilotStep({ draft, set, go, dataset, editor, faults }: Props) {
  const { t } = useLingui()
  const nAssets = dataset?.n_assets ?? 0
  return (
    <Stack>
      <Title order={2} size="h4">
        <Trans>How does it begin?</Trans>
      </Title>
      <TextInput
        label={t`Name of the project`}
        value={draft.name}
        maxLength={200}
        error={faultAt(faults, 'name')}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <PilotFields
        pilot={pilotDraftOf(draft, nAssets)}
        change={(pilot) => set({ pilot })}
        advice={recommended(nAssets, draft.target.way)}
        budget={draft.target.budget}
        faults={faults}
      />
      <Summary draft={draft} dataset={dataset} editor={editor} go={go} />
    </Stack>
  )
}
