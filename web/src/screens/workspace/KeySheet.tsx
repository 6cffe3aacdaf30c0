import { Group, Kbd, Stack, Text } from '@mantine/core'
import { type KeyAction, keyName } from '../../kernel/keymap'

/** Every key of this place, out of the same registry that runs them. */
export function KeySheet({ keys }: { keys: KeyAction[] }) {
  const groups = [...new Set(keys.map(({ group }) => group))]
  return (
    <Stack gap="md">
      {groups.map((group) => (
        <div key={group}>
          <Text size="xs" fw={600} className="quiet" mb={4}>
            {group}
          </Text>
          <Stack gap={2}>
            {keys
              .filter((action) => action.group === group && action.keys.length > 0 && !action.isUnlisted)
              .map((action) => (
                <Group key={action.id} justify="space-between" wrap="nowrap" gap="xs">
                  <Text size="sm" truncate>
                    {action.title}
                  </Text>
                  <Kbd size="xs">{keyName(action.keys[0] ?? '')}</Kbd>
                </Group>
              ))}
          </Stack>
        </div>
      ))}
    </Stack>
  )
}
