import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A screen with nothing on it teaches: one sentence, one picture, one way on. */
export function Empty({
  icon,
  title,
  children,
  action,
  order = 2,
}: {
  icon: ReactNode
  title: string
  children: ReactNode
  action?: ReactNode
  order?: 1 | 2
}) {
  return (
    <Stack align="center" gap="sm" py={48} maw={480} mx="auto" ta="center">
      <div style={{ color: 'var(--mantine-primary-color-filled)' }} aria-hidden>
        {icon}
      </div>
      <Title order={order} size="h4">
        {title}
      </Title>
      <Text className="quiet">{children}</Text>
      {action}
    </Stack>
  )
}
