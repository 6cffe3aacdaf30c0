import { Trans, useLingui } from '@lingui/react/macro'
import { NumberInput, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { QualityTarget } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Panel } from '../common/Panel'

type Props = { target: QualityTarget; change: (target: QualityTarget) => void; nAssets: number }
type Way = 'one' | 'several' | 'model'

const wayOf = ({ overlap }: QualityTarget): Way => (overlap === 0 ? 'model' : (overlap ?? 1) > 1 ? 'several' : 'one')
const OVERLAP: Record<Way, number> = { one: 1, several: 3, model: 0 }

/** How good is good enough where an answer is any number of objects. */
export function ObjectTargetStep({ target, change, nAssets }: Props) {
  const { t } = useLingui()
  const format = useFormat()
  const set = (part: Partial<QualityTarget>) => change({ ...target, ...part })
  const way = wayOf(target)
  const answers = format.number(nAssets * (target.overlap ?? 1))
  return (
    <Stack>
      <Title order={2} size="h4">
        <Trans>How good is good enough?</Trans>
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Percent
          label={t`Mean loss at most`}
          description={t`1 − F1 of the objects of an asset: missed, invented and misplaced ones count`}
          min={0.1}
          max={50}
          value={target.error}
          change={(error) => set({ error })}
        />
        <Percent
          label={t`With confidence`}
          description={t`How surely the bound must hold`}
          min={50}
          max={99.9}
          value={target.confidence}
          change={(confidence) => set({ confidence })}
        />
      </SimpleGrid>
      <Radio.Group
        label={t`Who marks the objects?`}
        value={way}
        onChange={(chosen) => set({ overlap: OVERLAP[chosen as Way] })}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="one"
            label={t`One person`}
            description={t`The answer of one is the label, until it is checked.`}
          />
          <Radio
            value="several"
            label={t`Several people`}
            description={t`Their objects are matched and merged; where they differ too much a reviewer decides.`}
          />
          <Radio
            value="model"
            label={t`A model alone`}
            description={t`Its predictions are the labels; people see only what is drawn for the check.`}
          />
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {way === 'several' && (
          <>
            <NumberInput
              label={t`People for each asset`}
              min={2}
              max={25}
              value={target.overlap ?? 3}
              onChange={(value) => Number(value) >= 2 && set({ overlap: Math.round(Number(value)) })}
            />
            <Percent
              label={t`Agreement of at least`}
              description={t`Mean F1 of two answers; below it a reviewer decides`}
              min={0}
              max={100}
              value={target.min_agreement}
              change={(min_agreement) => set({ min_agreement })}
            />
          </>
        )}
        {way === 'model' && (
          <Percent
            label={t`Score of at least`}
            description={t`Predictions that are less sure are no part of the label`}
            min={0}
            max={100}
            value={target.min_score}
            change={(min_score) => set({ min_score })}
          />
        )}
        <Percent
          label={t`The same thing from an overlap of`}
          description={t`Intersection over union of two objects of one class`}
          min={5}
          max={95}
          value={target.match_overlap}
          change={(match_overlap) => set({ match_overlap })}
        />
      </SimpleGrid>
      <Panel bg="var(--page)">
        <Text size="sm" fw={600} mb={4}>
          <Trans>What this costs</Trans>
        </Text>
        <Text size="sm">
          {way === 'model' ? (
            <Trans>People give no answers before the check. Bring predictions by import or connect a model.</Trans>
          ) : (
            <Trans>People give {answers} answers before the check.</Trans>
          )}{' '}
          <Trans>
            Then reviewers put right what is drawn at random, until the bound holds; the fewer faults they find, the
            sooner that is.
          </Trans>
        </Text>
      </Panel>
    </Stack>
  )
}

type PercentProps = {
  label: string
  description?: string
  min: number
  max: number
  value: number
  change: (value: number) => void
}

function Percent({ label, description, min, max, value, change }: PercentProps) {
  const within = (typed: number) => Number.isFinite(typed) && typed >= min && typed <= max
  return (
    <NumberInput
      label={label}
      description={description}
      suffix=" %"
      min={min}
      max={max}
      decimalScale={2}
      value={Math.round(value * 1e4) / 100}
      onChange={(typed) => typed !== '' && within(Number(typed)) && change(Number(typed) / 100)}
    />
  )
}
