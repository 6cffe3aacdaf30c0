import { Trans, useLingui } from '@lingui/react/macro'
import { Table, Text } from '@mantine/core'
import type { PersonRow } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Panel } from '../common/Panel'

/** Who answered, how much, and how often right as far as can be known. */
export function People({ people, isSimulated }: { people: PersonRow[]; isSimulated: boolean }) {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <Panel>
      <Text fw={600} size="sm">
        {isSimulated ? <Trans>Simulated people</Trans> : <Trans>People</Trans>}
      </Text>
      <Text size="xs" className="quiet" mb="xs">
        <Trans>
          Accuracy is estimated from agreement with the final labels; the range holds it with 95 % probability.
        </Trans>
      </Text>
      {people.length === 0 && (
        <Text size="sm" className="quiet">
          <Trans>Nobody has answered yet.</Trans>
        </Text>
      )}
      {people.length > 0 && (
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Name`}</Table.Th>
                <Table.Th ta="end">{t`Answers`}</Table.Th>
                <Table.Th ta="end">{t`Right`}</Table.Th>
                <Table.Th ta="end">{t`Range`}</Table.Th>
                <Table.Th ta="end">{t`Median time`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((person) => (
                <Table.Tr key={person.user_id}>
                  <Table.Td>{person.name}</Table.Td>
                  <Table.Td ta="end">{format.number(person.n_answers)}</Table.Td>
                  <Table.Td ta="end">{format.percent(person.accuracy)}</Table.Td>
                  <Table.Td ta="end" className="quiet">
                    {person.low === null || person.high === null
                      ? '–'
                      : `${format.percent(person.low)} – ${format.percent(person.high)}`}
                  </Table.Td>
                  <Table.Td ta="end">{format.seconds(person.median_seconds)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  )
}
