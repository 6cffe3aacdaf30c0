import { Text, Tooltip, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import styles from './Figure.module.css'

type Props = {
  label: string
  value: string
  /** The interval, the n, the condition: a number never comes without its doubt. */
  doubt: ReactNode
  /** How it was computed. */
  how: string
  to?: string
  tone?: 'good' | 'warn'
}

/** One number with its doubt; hovering says how it was computed, a click leads to the tasks behind it. */
export function Figure({ label, value, doubt, how, to, tone }: Props) {
  const body = (
    <>
      <Text size="xs" className="quiet">
        {label}
      </Text>
      <Text className={styles.value} data-tone={tone}>
        {value}
      </Text>
      <Text size="xs" className="quiet">
        {doubt}
      </Text>
    </>
  )
  return (
    <Tooltip label={how}>
      {to ? (
        <UnstyledButton component={Link} to={to} className={styles.figure}>
          {body}
        </UnstyledButton>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard
        <div className={styles.figure} tabIndex={0}>
          {body}
        </div>
      )}
    </Tooltip>
  )
}
