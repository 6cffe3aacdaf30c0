import { useLingui } from '@lingui/react/macro'
import { Radio, SimpleGrid, Stack } from '@mantine/core'
import { faultAt } from './faults'
import { NumberField, PercentField } from './NumberField'
import type { TargetProps } from './TargetFields'
import type { TargetDraft, Way } from './target'

/** Who says which class it is: so many people, or as few as it takes. */
export function ClassWays({ target, change, faults, isAnswered }: TargetProps) {
  const { t } = useLingui()
  const set = (part: Partial<TargetDraft>) => change({ ...target, ...part })
  return (
    <>
      <Radio.Group
        label={t`Answers for each asset`}
        value={target.way}
        onChange={(way) => set({ way: way as Way })}
        error={target.way === 'routed' && faultAt(faults, 'target.overlap')}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="routed"
            disabled={isAnswered}
            label={t`As few as it takes`}
            description={t`The model learns from the answers; people are asked only where it is unsure.`}
          />
          <Radio
            value="fixed"
            disabled={isAnswered}
            label={t`A fixed number`}
            description={t`Every asset is answered by so many people.`}
          />
        </Stack>
      </Radio.Group>
      {target.way === 'fixed' ? (
        <NumberField
          label={t`Answers for each asset, fixed`}
          least={1}
          most={25}
          maw={260}
          disabled={isAnswered}
          value={target.overlap}
          change={(overlap) => set({ overlap })}
          error={faultAt(faults, 'target.overlap')}
        />
      ) : (
        <NumberField
          label={t`At most, for a disputed asset`}
          least={1}
          most={25}
          maw={260}
          value={target.max_answers}
          change={(max_answers) => set({ max_answers })}
          error={faultAt(faults, 'target.max_answers')}
        />
      )}
    </>
  )
}

/** Who marks the objects: one, several, or a model. */
export function ObjectWays({ target, change, faults, isPromised, isAnswered }: TargetProps) {
  const { t } = useLingui()
  const set = (part: Partial<TargetDraft>) => change({ ...target, ...part })
  const { way } = target
  return (
    <>
      <Radio.Group
        label={t`Who marks the objects?`}
        value={way}
        onChange={(chosen) => set({ way: chosen as Way })}
        error={way !== 'several' && faultAt(faults, 'target.overlap')}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="one"
            disabled={isAnswered}
            label={t`One person`}
            description={t`The answer of one is the label, until it is checked.`}
          />
          <Radio
            value="several"
            disabled={isAnswered}
            label={t`Several people`}
            description={t`Their objects are matched and merged; where they differ too much a reviewer decides.`}
          />
          <Radio
            value="model"
            disabled={isAnswered}
            label={t`A model alone`}
            description={t`Its predictions are the labels; people see only what is drawn for the check.`}
          />
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {way === 'several' && (
          <>
            <NumberField
              label={t`People for each asset`}
              least={2}
              most={25}
              disabled={isAnswered}
              value={target.overlap}
              change={(overlap) => set({ overlap })}
              error={faultAt(faults, 'target.overlap')}
            />
            <PercentField
              label={t`Agreement of at least`}
              description={t`Mean F1 of two answers; below it a reviewer decides`}
              least={0}
              most={100}
              value={target.min_agreement}
              change={(min_agreement) => set({ min_agreement })}
              error={faultAt(faults, 'target.min_agreement')}
            />
          </>
        )}
        {way === 'model' && (
          <PercentField
            label={t`Score of at least`}
            description={t`Predictions that are less sure are no part of the label`}
            least={0}
            most={100}
            value={target.min_score}
            change={(min_score) => set({ min_score })}
            error={faultAt(faults, 'target.min_score')}
          />
        )}
        <PercentField
          label={t`The same thing from an overlap of`}
          description={t`Intersection over union of two objects of one class`}
          least={5}
          most={95}
          disabled={isPromised}
          value={target.match_overlap}
          change={(match_overlap) => set({ match_overlap })}
          error={faultAt(faults, 'target.match_overlap')}
        />
      </SimpleGrid>
    </>
  )
}
