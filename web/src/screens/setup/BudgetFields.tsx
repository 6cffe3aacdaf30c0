import { Plural, useLingui } from '@lingui/react/macro'
import { Radio, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import type { Fault } from '../../api/types'
import { currencies, inCurrency, minorDigits } from '../../i18n/money'
import { faultAt } from './faults'
import { NumberField } from './NumberField'
import { answersPaid, type BudgetDraft } from './target'

type Props = { budget: BudgetDraft; change: (budget: BudgetDraft) => void; faults: readonly Fault[] }

/** What the project may cost: nothing is said, so many answers, or so much money at a price for each. */
export function BudgetFields({ budget, change, faults }: Props) {
  const { t } = useLingui()
  const set = (part: Partial<BudgetDraft>) => change({ ...budget, ...part })
  const at = (name: string) => faultAt(faults, `target.budget.${name}`)
  const isMoney = budget.limit === 'money'
  const digits = minorDigits(budget.currency)
  const paid = answersPaid(budget)
  const ofMoney = { per: 10 ** digits, decimalScale: digits, suffix: budget.currency && ` ${budget.currency}` }
  return (
    <Stack>
      <Radio.Group
        label={t`Budget`}
        description={t`Every answer of a person counts: labels, reviews and checks.`}
        value={budget.limit}
        onChange={(limit) => set({ limit: limit as BudgetDraft['limit'] })}
        error={at('limit') ?? faultAt(faults, 'target.budget')}
      >
        <Stack gap="sm" mt="xs">
          <Radio value="none" label={t`No limit`} description={t`People are asked until the target is reached.`} />
          <Radio value="answers" label={t`So many answers`} description={t`Then nobody is asked until you raise it.`} />
          <Radio value="money" label={t`So much money`} description={t`At a price for each answer.`} />
        </Stack>
      </Radio.Group>
      {budget.limit !== 'none' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {isMoney && (
            <NumberField
              label={t`Amount at most`}
              value={budget.max_cost}
              change={(max_cost) => set({ max_cost })}
              error={at('max_cost')}
              {...ofMoney}
            />
          )}
          <NumberField
            label={isMoney ? t`And answers at most, if you like` : t`Answers at most`}
            value={budget.max_answers}
            change={(max_answers) => set({ max_answers })}
            error={at('max_answers')}
          />
          <NumberField
            label={isMoney ? t`Price of an answer` : t`Price of an answer, to see what it costs`}
            value={budget.price}
            change={(price) => set({ price })}
            error={at('price')}
            {...ofMoney}
          />
          <Select
            label={t`Currency`}
            searchable
            data={currencies()}
            value={budget.currency || null}
            onChange={(chosen) => {
              const [from, to] = [budget.currency, chosen ?? '']
              set({
                currency: to,
                max_cost: inCurrency(budget.max_cost, from, to),
                price: inCurrency(budget.price, from, to),
              })
            }}
            error={at('currency')}
          />
        </SimpleGrid>
      )}
      {isMoney && paid !== null && paid > 0 && (
        <Text size="sm" className="quiet" role="status">
          <Plural value={paid} one="It pays for # answer." other="It pays for # answers." />
        </Text>
      )}
    </Stack>
  )
}
