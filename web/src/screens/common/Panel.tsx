import { Paper, type PaperProps } from '@mantine/core'
import type { ReactNode } from 'react'

/** A bordered surface for one thing. */
export function Panel({ children, ...rest }: PaperProps & { children: ReactNode }) {
  return (
    <Paper p="md" radius="sm" bg="var(--surface)" style={{ border: '1px solid var(--line)' }} {...rest}>
      {children}
    </Paper>
  )
}
