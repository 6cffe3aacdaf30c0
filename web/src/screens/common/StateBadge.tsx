import { Badge, type BadgeProps } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = { tone: 'plain' | 'good' | 'warn' | 'accent'; children: ReactNode } & Pick<BadgeProps, 'style'>

const TONES = {
  plain: { color: 'gray', text: 'var(--mantine-color-text)' },
  good: { color: 'green', text: 'var(--good)' },
  warn: { color: 'orange', text: 'var(--warn)' },
  accent: { color: 'gold', text: 'var(--mantine-color-text)' },
}

/** One word about a state, dark enough on its tint to be read. */
export function StateBadge({ tone, children, ...rest }: Props) {
  const { color, text } = TONES[tone]
  return (
    <Badge variant="light" color={color} c={text} tt="none" fw={550} radius="sm" {...rest}>
      {children}
    </Badge>
  )
}
