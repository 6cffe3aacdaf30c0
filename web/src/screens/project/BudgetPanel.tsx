import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useMay } from '../../api/session'
import type { BudgetState, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { money } from '../../i18n/money'
import { Panel } from '../common/Panel'
import styles from './Budget.module.css'

/** What of the budget is used, what people are asked for at present, and what is left. */
export function BudgetPanel({ project, budget }: { project: Project; budget: BudgetState }) {
  const { t } = useLingui()
  const format = useFormat()
  const mayManage = useMay('work.manage')
  const { allowed, used, open, cost, currency } = budget
  const left = Math.max(0, allowed - used - open)
  const [all, spent, asked, rest] = [allowed, used, open, left].map((each) => format.number(each))
  const share = format.percent(allowed ? used / allowed : 0, 0)
  const amount = cost === null || !currency ? '' : money(cost, currency)
  const most = project.target.budget?.max_cost
  const limit = most && currency ? money(most, currency) : ''
  return (
    <Panel>
      <Group justify="space-between" align="baseline" mb={6}>
        <Text size="sm" component="h2">
          <b>
            <Trans>Budget</Trans>
          </b>{' '}
          <Trans>
            {spent} of {all} answers used, {share}
          </Trans>
          {amount &&
            (limit ? (
              <Trans>
                ; {amount} of {limit}
              </Trans>
            ) : (
              <>; {amount}</>
            ))}
        </Text>
        {mayManage && (
          <Button
            component={Link}
            to={`/projects/${project.id}/settings#target`}
            size="compact-sm"
            variant={left ? 'default' : 'filled'}
          >
            {left ? <Trans>Change the budget</Trans> : <Trans>Raise the budget</Trans>}
          </Button>
        )}
      </Group>
      <div
        className={styles.bar}
        role="img"
        aria-label={t`Of ${all} answers ${spent} are used, ${asked} are asked for now, ${rest} are left.`}
      >
        <span data-part="used" style={{ flexGrow: used }} />
        <span data-part="open" style={{ flexGrow: open }} />
        <span data-part="left" style={{ flexGrow: left }} />
      </div>
      <Group gap="lg" mt={6}>
        {[
          { part: 'used', text: <Trans>{spent} used</Trans> },
          { part: 'open', text: <Trans>{asked} asked for now</Trans> },
          { part: 'left', text: <Trans>{rest} left</Trans> },
        ].map(({ part, text }) => (
          <Text key={part} size="xs" className={`quiet ${styles.key}`} data-part={part} component="span">
            {text}
          </Text>
        ))}
      </Group>
    </Panel>
  )
}
