import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Popover, Stack, Textarea } from '@mantine/core'
import { IconClipboardList } from '@tabler/icons-react'
import { useState } from 'react'

/** Many classes at once, out of a list that somebody has already. */
export function PasteList({ add }: { add: (text: string) => void }) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover width={300} position="bottom-end" trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconClipboardList size={15} />} onClick={() => setOpen(!isOpen)}>
          <Trans>Paste a list</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Textarea
            label={t`One class a line`}
            description={t`After a colon: when to use it`}
            autosize
            minRows={4}
            maxRows={12}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <Button
            disabled={!text.trim()}
            onClick={() => {
              add(text)
              setText('')
              setOpen(false)
            }}
          >
            <Trans>Add these</Trans>
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
