import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Panel } from './Panel'

/** One matter of a screen: its name, what it is for, and what can be done about it. */
export function Section({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <Panel>
      <Stack component="section" aria-label={title} gap="sm">
        <div>
          <Title order={2} size="h5">
            {title}
          </Title>
          {about && (
            <Text size="sm" className="quiet">
              {about}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Panel>
  )
}
