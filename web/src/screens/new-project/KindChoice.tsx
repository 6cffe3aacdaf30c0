import { Trans, useLingui } from '@lingui/react/macro'
import { Radio, Stack } from '@mantine/core'
import type { KindName } from '../../api/types'
import type { Editor } from '../../modalities/kind'

type Props = { editors: readonly Editor[]; kind: KindName; choose: (kind: KindName) => void }

/** What an answer is: one class for all of it, or things in it. */
export function KindChoice({ editors, kind, choose }: Props) {
  const { i18n } = useLingui()
  if (editors.length < 2) return null
  return (
    <Radio.Group value={kind} onChange={choose} label={<Trans>What is an answer?</Trans>}>
      <Stack gap="xs" mt={6}>
        {editors.map((editor) => (
          <Radio
            key={editor.kind.name}
            value={editor.kind.name}
            label={i18n._(editor.title)}
            description={i18n._(editor.hint)}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
