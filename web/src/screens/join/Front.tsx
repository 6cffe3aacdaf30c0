import { Center, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Panel } from '../common/Panel'
import { useTitle } from '../common/useTitle'
import { Mark } from '../shell/Mark'

/** The frame of what is seen before one is in. */
export function Front({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title)
  return (
    <Center mih="100dvh" p="md" component="main">
      <Panel w={440} maw="100%" p="xl">
        <Stack>
          <Mark />
          <Title order={1} size="h3">
            {title}
          </Title>
          {children}
        </Stack>
      </Panel>
    </Center>
  )
}
