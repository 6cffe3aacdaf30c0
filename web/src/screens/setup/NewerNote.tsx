import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Box, Button, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'

type Props = {
  /** Drop the draft and write on with what is newer. */
  take: () => void
  /** What is newer, to be read. */
  children: ReactNode
}

/** Beside a draft: somebody else has saved since it was begun. */
export function NewerNote({ take, children }: Props) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(false)
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      title={t`A newer version was saved meanwhile`}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Stack gap="xs">
        <Text size="sm">
          <Trans>
            What you have entered is still here. If you save it, what you changed takes the place of the newer.
          </Trans>
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? <Trans>Hide the newer version</Trans> : <Trans>Show the newer version</Trans>}
          </Button>
          <Button size="xs" variant="default" onClick={take}>
            <Trans>Drop mine and take the newer</Trans>
          </Button>
        </Group>
        {isOpen && <Box>{children}</Box>}
      </Stack>
    </Alert>
  )
}
