import { Group, Text } from '@mantine/core'

export function Mark() {
  return (
    <Group gap={8} wrap="nowrap" component="span">
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M16 2 28 9v14l-12 7L4 23V9z" fill="var(--mantine-primary-color-filled)" />
        <path
          d="M12 9v14M20 9l-7 7 7 7"
          fill="none"
          stroke="var(--surface)"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <Text span fw={650} size="lg" lh={1}>
        Karat
      </Text>
    </Group>
  )
}
