import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, SegmentedControl, Skeleton, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useChecks } from '../../api/queries'
import type { Certificate, LabelClass } from '../../api/types'
import { ClassMark } from '../common/ClassMark'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Thumb } from '../common/Thumb'

/** Every label that was drawn, what was delivered and what the reference said. */
export function Checked({ certificate, classes }: { certificate: Certificate; classes: LabelClass[] }) {
  const { t } = useLingui()
  const [which, setWhich] = useState('all')
  const checks = useChecks(certificate.id)
  const shown = checks.items.filter(({ agreed }) => which === 'all' || !agreed)
  return (
    <Panel>
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="sm">
          <Trans>What was checked</Trans>
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t`Which checks`}
          value={which}
          onChange={setWhich}
          data={[
            { value: 'all', label: t`All` },
            { value: 'wrong', label: t`Wrong ones` },
          ]}
        />
      </Group>
      {checks.isPending && <Skeleton height={160} />}
      {checks.isError && (
        <ProblemNote what={t`The checks could not be read`} cause={checks.error} retry={() => void checks.refetch()} />
      )}
      {checks.isSuccess && (
        <Table.ScrollContainer minWidth={420} mah={360}>
          <Table verticalSpacing={4} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Asset`}</Table.Th>
                <Table.Th>{t`Delivered`}</Table.Th>
                <Table.Th>{t`Reference`}</Table.Th>
                <Table.Th>{t`Verdict`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((check) => (
                <Table.Tr key={check.task_id}>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      <Thumb asset={check.asset} size={32} />
                      <Text size="sm" truncate maw={220}>
                        {check.asset.name}
                      </Text>
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <ClassMark name={check.delivered} classes={classes} />
                  </Table.Td>
                  <Table.Td>
                    <ClassMark name={check.reference} classes={classes} />
                  </Table.Td>
                  <Table.Td>
                    {check.agreed ? (
                      <Trans>right</Trans>
                    ) : (
                      <span style={{ color: 'var(--bad)' }}>{t`wrong, repaired`}</span>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {checks.isSuccess && shown.length === 0 && (
        <Text size="sm" className="quiet">
          {which === 'all' ? (
            <Trans>No check is listed.</Trans>
          ) : (
            <Trans>No wrong label among those shown so far.</Trans>
          )}
        </Text>
      )}
      {checks.hasNextPage && (
        <Button size="xs" mt="xs" variant="default" onClick={() => void checks.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Panel>
  )
}
