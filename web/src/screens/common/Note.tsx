import { Trans } from '@lingui/react/macro'
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Problem } from '../../api/client'
import type { Fault } from '../../api/types'

type Props = {
  /** What could not be done, as a sentence. */
  what: string
  cause: unknown
  /** What to do now; trying again is offered where it can help. */
  next?: ReactNode
  retry?: () => void
}

/** An error beside the place where it arose: what, why, and the next step. */
export function ProblemNote({ what, cause, next, retry }: Props) {
  const problem = cause instanceof Problem ? cause : null
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={what} role="alert">
      <Stack gap="xs">
        <Text size="sm">{problem?.message ?? String(cause)}</Text>
        {problem && problem.faults.length > 0 && <FaultList faults={problem.faults} />}
        {problem?.isOutage && (
          <Text size="sm">
            <Trans>Check that the Karat server is running and that this device is connected to it.</Trans>
          </Text>
        )}
        {next}
        {retry && (
          <Group>
            <Button variant="default" size="xs" onClick={retry}>
              <Trans>Try again</Trans>
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}

export function FaultList({ faults }: { faults: Fault[] }) {
  return (
    <List size="sm" spacing={4}>
      {faults.map((fault) => (
        <List.Item key={`${fault.where}${fault.code}${fault.message}`}>
          <Text span size="sm" ff="monospace" className="quiet">
            {fault.where}
          </Text>{' '}
          {fault.message} {fault.hint && <span className="quiet">{fault.hint}</span>}
        </List.Item>
      ))}
    </List>
  )
}
