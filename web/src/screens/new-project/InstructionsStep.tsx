import { Trans, useLingui } from '@lingui/react/macro'
import { SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core'
import { Instructions } from '../common/Instructions'

/** What people should know before they answer. */
export function InstructionsStep({ text, change }: { text: string; change: (text: string) => void }) {
  const { t } = useLingui()
  return (
    <Stack>
      <div>
        <Title order={2} size="h4">
          <Trans>What should people know?</Trans>
        </Title>
        <Text className="quiet" size="sm">
          <Trans>It opens beside the asset. Say what to do in doubtful cases: that is where answers differ.</Trans>
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Textarea
          label={t`Instructions`}
          description={t`# heading, - list, **bold**`}
          autosize
          minRows={10}
          maxRows={24}
          value={text}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            <Trans>As people see it</Trans>
          </Text>
          {text.trim() ? (
            <Instructions text={text} />
          ) : (
            <Text size="sm" className="quiet">
              <Trans>
                For example: “Choose the class of the main object. When two are equally large, choose the one in front.”
              </Trans>
            </Text>
          )}
        </div>
      </SimpleGrid>
    </Stack>
  )
}
