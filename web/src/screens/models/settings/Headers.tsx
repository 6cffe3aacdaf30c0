import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'

/** A header as it is typed; `id` tells rows apart while their names change. */
export type Header = { id: number; name: string; value: string }

type Props = { headers: Header[]; change: (headers: Header[]) => void }

/** What is sent along with every request: a token, mostly. The values are sealed and never shown again. */
export function Headers({ headers, change }: Props) {
  const { t } = useLingui()
  const edit = (id: number, part: Partial<Header>) =>
    change(headers.map((each) => (each.id === id ? { ...each, ...part } : each)))
  const add = () => change([...headers, { id: Date.now(), name: headers.length ? '' : 'Authorization', value: '' }])
  return (
    <Stack gap="xs">
      {headers.map(({ id, name, value }, at) => (
        <Group key={id} gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            label={t`Header ${at + 1}`}
            value={name}
            autoComplete="off"
            spellCheck={false}
            style={{ flex: '1 1 140px' }}
            onChange={({ currentTarget }) => edit(id, { name: currentTarget.value })}
          />
          <PasswordInput
            label={t`Its value`}
            value={value}
            placeholder={name === 'Authorization' ? 'Bearer …' : undefined}
            autoComplete="off"
            style={{ flex: '2 1 160px' }}
            visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the secret` }}
            onChange={({ currentTarget }) => edit(id, { value: currentTarget.value })}
          />
          <ActionIcon
            variant="default"
            size="input-sm"
            aria-label={t`Leave header ${at + 1} out`}
            onClick={() => change(headers.filter((each) => each.id !== id))}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      <Button size="compact-sm" variant="default" w="fit-content" onClick={add}>
        <Trans>Add a header</Trans>
      </Button>
      {headers.length > 0 && (
        <Text size="xs" className="quiet">
          <Trans>Values are kept encrypted and never shown again.</Trans>
        </Text>
      )}
    </Stack>
  )
}

/** As the API takes them; rows without a name or a value are not there. */
export function headersOf(headers: readonly Header[]): Record<string, string> {
  const given = headers.filter(({ name, value }) => name.trim() && value.trim())
  return Object.fromEntries(given.map(({ name, value }) => [name.trim(), value.trim()]))
}
