import { Plural, Trans } from '@lingui/react/macro'
import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useFormat } from '../../i18n/format'
import { money } from '../../i18n/money'
import { Panel } from '../common/Panel'
import { type Forecast, forecast } from './forecast'
import { leastChecks, looserError } from './least'
import type { TargetDraft } from './target'

type Props = { target: TargetDraft; nAssets: number; ofObjects: boolean }

/** What the target takes, as far as it can be known beforehand, and whether the budget is enough for it. */
export function ForecastPanel({ target, nAssets, ofObjects }: Props) {
  const format = useFormat()
  const expected = forecast(target, nAssets)
  if (!expected || nAssets < 1) return null
  const { labels, checks, least, cost, paid } = expected
  const [n, atLeast, whole, allowed] = [labels ?? 0, checks, least, paid].map((each) => format.number(each))
  const amount = cost === null ? '' : money(cost, target.budget.currency)
  return (
    <Panel bg="var(--page)">
      <Text size="sm" fw={600} mb={4}>
        <Trans>What this costs</Trans>
      </Text>
      <Text size="sm">
        <Labels target={target} nAssets={nAssets} labels={labels} />{' '}
        {ofObjects ? (
          <Trans>
            Then reviewers put right what is drawn at random: at least {atLeast} assets, more if they find faults.
          </Trans>
        ) : (
          <Check target={target} nAssets={nAssets} checks={checks} />
        )}
      </Text>
      <Text size="sm" mt={6}>
        {labels === null ? (
          <Trans>The check alone takes {whole} answers.</Trans>
        ) : (
          <Trans>
            Together at least {whole} answers: {n} and {atLeast}.
          </Trans>
        )}{' '}
        {amount && <Trans>At the price of an answer that is {amount}.</Trans>}
      </Text>
      {expected.isShort && (
        <Alert color="yellow" variant="light" mt="sm" icon={<IconAlertTriangle size={18} />} role="status">
          <Text size="sm">
            <Trans>
              The budget pays for {allowed} answers: it is used up before there can be a certificate. Raise it, or allow
              more errors.
            </Trans>
          </Text>
        </Alert>
      )}
      {!ofObjects && checks > nAssets / 2 && <MostIsChecked target={target} nAssets={nAssets} />}
    </Panel>
  )
}

function Labels({ target, nAssets, labels }: Omit<Props, 'ofObjects'> & Pick<Forecast, 'labels'>) {
  const format = useFormat()
  if (target.way === 'model') {
    return <Trans>People give no answers before the check. Bring predictions by import or connect a model.</Trans>
  }
  if (labels !== null) {
    return (
      <Plural
        value={labels}
        one="People give # answer before the check."
        other="People give # answers before the check."
      />
    )
  }
  const three = format.number(nAssets * 3)
  return (
    <Trans>
      What people answer before the check depends on how quickly the model learns; three answers for each asset would be{' '}
      {three}.
    </Trans>
  )
}

function Check({ target, nAssets, checks }: Omit<Props, 'ofObjects'> & Pick<Forecast, 'checks'>) {
  const format = useFormat()
  const allowed = format.number(Math.floor((target.error ?? 0) * nAssets + 1e-9))
  const [assets, atLeast] = [format.number(nAssets), format.number(checks)]
  return (
    <Trans>
      Of {assets} labels at most {allowed} may be wrong. To show that, at least about {atLeast} of them will be checked
      by a reviewer, drawn at random; more if errors are found.
    </Trans>
  )
}

/** The certificate of so few labels costs nearly as much as labelling them; said before the project is made. */
function MostIsChecked({ target, nAssets }: Omit<Props, 'ofObjects'>) {
  const format = useFormat()
  const confidence = target.confidence ?? 0.95
  const looser = looserError(nAssets, confidence)
  const error = format.percent(looser, looser !== null && looser < 0.1 ? 1 : 0)
  const checks = format.number(looser === null ? null : leastChecks(nAssets, looser, confidence))
  return (
    <Alert color="yellow" variant="light" mt="sm" icon={<IconAlertTriangle size={18} />} role="status">
      <Text size="sm">
        <Trans>That is more than half of the data. Add more data or allow more errors to have less checked.</Trans>{' '}
        {looser !== null && looser > (target.error ?? 0) && (
          <Trans>
            With an error of at most {error} it would be about {checks}.
          </Trans>
        )}
      </Text>
    </Alert>
  )
}
