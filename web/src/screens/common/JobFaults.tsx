import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Collapse, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { usePages } from '../../api/queries'
import { allPages, saveText } from '../../api/save'
import type { Fault } from '../../api/types'
import { toCsv } from '../../plots/csv'
import { FaultList } from './Note'

type Props = {
  /** Where the server lists them. */
  path: string
  /** What the saved list is called after. */
  name: string
  n: number
  title: ReactNode
}

/** What a job could not take, place by place, to be read here or kept as a table. */
export function JobFaults({ path, name, n, title }: Props) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(true)
  const [isSaving, setSaving] = useState(false)
  const { items, hasNextPage, fetchNextPage, refetch } = usePages<Fault>(path, {}, 100)
  // biome-ignore lint/correctness/useExhaustiveDependencies: more of them are known now
  useEffect(() => void refetch({ cancelRefetch: false }), [n, refetch])
  const saveAll = async () => {
    setSaving(true)
    try {
      const rows = await allPages<Fault>(path)
      const columns = ['where', 'code', 'message', 'hint'].map((key) => ({ key, title: key }))
      saveText(`${name}-faults.csv`, toCsv({ columns, rows }))
    } finally {
      setSaving(false)
    }
  }
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" c="var(--warn)">
          {title}
        </Text>
        <Button size="compact-xs" variant="subtle" color="gray" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          loading={isSaving}
          onClick={() => void saveAll()}
        >{t`Download as CSV`}</Button>
      </Group>
      <Collapse expanded={isOpen}>
        <div style={{ maxHeight: 220, overflow: 'auto' }}>
          <FaultList faults={items} />
          {hasNextPage && (
            <Button size="compact-xs" variant="default" mt="xs" onClick={() => void fetchNextPage()}>
              <Trans>Show more</Trans>
            </Button>
          )}
        </div>
      </Collapse>
    </Stack>
  )
}
