import { Trans } from '@lingui/react/macro'
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** A secret that the server keeps no copy of: to be taken now or never. */
export function ShownOnce({ title, secret, children }: { title: string; secret: string; children?: ReactNode }) {
  return (
    <Alert icon={<IconKey size={18} />} title={title} variant="light" role="status">
      <Stack gap="xs">
        <Group gap="xs" align="flex-start">
          <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{secret}</Code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
              </Button>
            )}
          </CopyButton>
        </Group>
        {children && <Text size="sm">{children}</Text>}
      </Stack>
    </Alert>
  )
}
