import { Group, Text } from '@mantine/core'
import type { LabelClass } from '../../api/types'

/** A label class by its colour and its name: colour alone never carries it. */
export function ClassMark({ name, classes }: { name: string | null; classes: readonly LabelClass[] }) {
  if (name === null) return <span className="quiet">–</span>
  const found = classes.find((each) => each.name === name)
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex" miw={0} maw="100%">
      <span
        aria-hidden
        style={{ width: 10, height: 10, borderRadius: 2, flex: 'none', background: found?.color ?? 'var(--line)' }}
      />
      <Text span size="sm" truncate>
        {found?.title || name}
      </Text>
    </Group>
  )
}
