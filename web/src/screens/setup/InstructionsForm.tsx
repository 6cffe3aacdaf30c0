import { Trans, useLingui } from '@lingui/react/macro'
import { SimpleGrid, Stack, Text, Textarea } from '@mantine/core'
import type { Asset, Fault, Id } from '../../api/types'
import { InstructionSections } from '../common/InstructionSections'
import { faultAt } from './faults'
import { SectionsEditor } from './SectionsEditor'
import { type DraftClass, type DraftSection, shownSections } from './sections'

type Props = {
  label: string
  text: string
  changeText: (text: string) => void
  sections: readonly DraftSection[]
  changeSections: (sections: DraftSection[]) => void
  classes: readonly DraftClass[]
  dataset: Id | null
  assets: ReadonlyMap<Id, Asset>
  remember: (assets: readonly Asset[]) => void
  faults: readonly Fault[]
}

/** Instructions under the hand, and beside them how people will read them. */
export function InstructionsForm(props: Props) {
  const { t } = useLingui()
  const { text, sections, classes, assets, faults } = props
  const shown = shownSections(sections, classes, assets)
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="lg">
      <Stack gap="sm">
        <Textarea
          label={props.label}
          description={t`# heading, - list, **bold**`}
          autosize
          minRows={6}
          maxRows={24}
          maxLength={50_000}
          value={text}
          error={faultAt(faults, 'instructions')}
          onChange={({ currentTarget }) => props.changeText(currentTarget.value)}
        />
        <SectionsEditor
          sections={sections}
          change={props.changeSections}
          classes={classes}
          dataset={props.dataset}
          assets={assets}
          remember={props.remember}
          faults={faults}
        />
      </Stack>
      <section aria-label={t`As people see it`}>
        <Text size="sm" fw={500} mb={4}>
          <Trans>As people see it</Trans>
        </Text>
        {text.trim() || shown.length ? (
          <InstructionSections text={text} sections={shown} classes={classes} />
        ) : (
          <Text size="sm" className="quiet">
            <Trans>
              For example: “Choose the class of the main object. When two are equally large, choose the one in front.”
            </Trans>
          </Text>
        )}
      </section>
    </SimpleGrid>
  )
}
