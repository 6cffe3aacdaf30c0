import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, NumberInput, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { QualityTarget } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Panel } from '../common/Panel'
import { leastChecks, looserError } from './least'

type Props = { target: QualityTarget; change: (target: QualityTarget) => void; nAssets: number }

/** How good is good enough, and what that costs in answers of people. */
export function TargetStep({ target, change, nAssets }: Props) {
  const { t } = useLingui()
  const set = (part: Partial<QualityTarget>) => change({ ...target, ...part })
  const isFixed = target.overlap !== null
  return (
    <Stack>
      <Title order={2} size="h4">
        <Trans>How good is good enough?</Trans>
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t`Error at most`}
          description={t`Share of labels that may be wrong`}
          suffix=" %"
          min={0.1}
          max={50}
          step={0.5}
          decimalScale={2}
          value={round(target.error * 100)}
          onChange={(value) => Number(value) > 0 && set({ error: Number(value) / 100 })}
        />
        <NumberInput
          label={t`With confidence`}
          description={t`How surely the bound must hold`}
          suffix=" %"
          min={80}
          max={99.9}
          step={1}
          decimalScale={1}
          value={round(target.confidence * 100)}
          onChange={(value) => Number(value) >= 50 && Number(value) < 100 && set({ confidence: Number(value) / 100 })}
        />
      </SimpleGrid>
      <Radio.Group
        label={t`Answers for each asset`}
        value={isFixed ? 'fixed' : 'routed'}
        onChange={(value) => set({ overlap: value === 'fixed' ? 3 : null })}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="routed"
            label={t`As few as it takes`}
            description={t`The model learns from the answers; people are asked only where it is unsure.`}
          />
          <Radio value="fixed" label={t`A fixed number`} description={t`Every asset is answered by so many people.`} />
        </Stack>
      </Radio.Group>
      {isFixed ? (
        <NumberInput
          label={t`Answers for each asset, fixed`}
          min={1}
          max={20}
          maw={260}
          value={target.overlap ?? 3}
          onChange={(value) => Number(value) >= 1 && set({ overlap: Math.round(Number(value)) })}
        />
      ) : (
        <NumberInput
          label={t`At most, for a disputed asset`}
          min={1}
          max={20}
          maw={260}
          value={target.max_answers}
          onChange={(value) => Number(value) >= 1 && set({ max_answers: Math.round(Number(value)) })}
        />
      )}
      <Cost target={target} nAssets={nAssets} />
    </Stack>
  )
}

function Cost({ target, nAssets }: Omit<Props, 'change'>) {
  const format = useFormat()
  const needed = leastChecks(nAssets, target.error, target.confidence)
  const checks = format.number(needed)
  const allowed = format.number(Math.floor(target.error * nAssets + 1e-9))
  const assets = format.number(nAssets)
  const fixed = format.number(nAssets * (target.overlap ?? 3))
  return (
    <Panel bg="var(--page)">
      <Text size="sm" fw={600} mb={4}>
        <Trans>What this costs</Trans>
      </Text>
      <Text size="sm">
        <Trans>
          Of {assets} labels at most {allowed} may be wrong. To show that, at least about {checks} of them will be
          checked by a reviewer, drawn at random; more if errors are found.
        </Trans>{' '}
        {target.overlap === null ? (
          <Trans>
            What people answer before that depends on how quickly the model learns; three answers for each asset would
            be {fixed}.
          </Trans>
        ) : (
          <Trans>Before that, people give {fixed} answers.</Trans>
        )}
      </Text>
      {needed > nAssets / 2 && <MostIsChecked target={target} nAssets={nAssets} />}
    </Panel>
  )
}

/** The certificate of so few labels costs nearly as much as labelling them; said before the project is made. */
function MostIsChecked({ target, nAssets }: Omit<Props, 'change'>) {
  const format = useFormat()
  const looser = looserError(nAssets, target.confidence)
  const error = format.percent(looser, looser !== null && looser < 0.1 ? 1 : 0)
  const checks = format.number(looser === null ? null : leastChecks(nAssets, looser, target.confidence))
  return (
    <Alert color="yellow" variant="light" mt="sm" icon={<IconAlertTriangle size={18} />} role="status">
      <Text size="sm">
        <Trans>That is more than half of the data. Add more data or allow more errors to have less checked.</Trans>{' '}
        {looser !== null && looser > target.error && (
          <Trans>
            With an error of at most {error} it would be about {checks}.
          </Trans>
        )}
      </Text>
    </Alert>
  )
}

const round = (value: number) => Math.round(value * 1000) / 1000
