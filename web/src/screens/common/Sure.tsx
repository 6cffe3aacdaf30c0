import { Trans } from '@lingui/react/macro'
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'

type Props = {
  /** What the button says first, and how a screen reader tells it from its neighbours. */
  children: string
  label: string
  /** What the second button says: the deed itself. */
  deed: string
  run: () => void
  busy?: boolean
  error?: Error | null
}

/** For what cannot be undone: the button asks once more in its own place. */
export function Sure({ children, label, deed, run, busy = false, error = null }: Props) {
  const [isAsked, setAsked] = useState(false)
  return (
    <div>
      {isAsked ? (
        <Group gap={4} justify="flex-end" wrap="nowrap" display="inline-flex">
          <Button size="compact-xs" color="red.9" loading={busy} onClick={run} data-autofocus>
            {deed}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setAsked(false)}>
            <Trans>Keep</Trans>
          </Button>
        </Group>
      ) : (
        <Button size="compact-xs" variant="default" aria-label={label} onClick={() => setAsked(true)}>
          {children}
        </Button>
      )}
      {error && (
        <Text size="xs" c="var(--bad)" role="alert">
          {error.message}
        </Text>
      )}
    </div>
  )
}
