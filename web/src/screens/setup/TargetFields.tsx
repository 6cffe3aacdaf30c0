import { Trans, useLingui } from '@lingui/react/macro'
import { SimpleGrid, Stack, Text } from '@mantine/core'
import type { Fault } from '../../api/types'
import { faultAt } from './faults'
import { PercentField } from './NumberField'
import type { TargetDraft } from './target'
import { ClassWays, ObjectWays } from './Ways'

export type TargetProps = {
  target: TargetDraft
  change: (target: TargetDraft) => void
  ofObjects: boolean
  faults: readonly Fault[]
  /** What is promised stands fast: labels were drawn for a check. */
  isPromised?: boolean
  /** How many answers a task gets stands fast: people have answered. */
  isAnswered?: boolean
}

/** How good is good enough, and who answers. */
export function TargetFields(props: TargetProps) {
  const { t } = useLingui()
  const { target, change, ofObjects, faults, isPromised } = props
  const set = (part: Partial<TargetDraft>) => change({ ...target, ...part })
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <PercentField
          label={ofObjects ? t`Mean loss at most` : t`Error at most`}
          description={
            ofObjects
              ? t`1 − F1 of the objects of an asset: missed, invented and misplaced ones count`
              : t`Share of labels that may be wrong`
          }
          least={0.1}
          most={50}
          step={0.5}
          disabled={isPromised}
          value={target.error}
          change={(error) => set({ error })}
          error={faultAt(faults, 'target.error')}
        />
        <PercentField
          label={t`With confidence`}
          description={t`How surely the bound must hold`}
          least={50}
          most={99.9}
          disabled={isPromised}
          value={target.confidence}
          change={(confidence) => set({ confidence })}
          error={faultAt(faults, 'target.confidence')}
        />
      </SimpleGrid>
      {isPromised && (
        <Text size="sm" className="quiet">
          <Trans>Labels were drawn for a check under this promise, so it can no longer be changed.</Trans>
        </Text>
      )}
      {ofObjects ? <ObjectWays {...props} /> : <ClassWays {...props} />}
      {props.isAnswered && (
        <Text size="sm" className="quiet">
          <Trans>People have answered already, so how many answers a task gets can no longer be changed.</Trans>
        </Text>
      )}
    </Stack>
  )
}
