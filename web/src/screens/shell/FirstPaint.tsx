import { Skeleton, Stack } from '@mantine/core'

/** The shape of a page before anything is known of it. */
export function FirstPaint() {
  return (
    <Stack p="md" aria-hidden>
      <Skeleton height={32} />
      <Skeleton height={200} />
    </Stack>
  )
}
