import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconListDetails, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Asset, Fault, Id } from '../../api/types'
import { Said } from '../common/Said'
import { moved } from './moved'
import { SectionCard } from './SectionCard'
import { classesWithout, type DraftClass, type DraftSection, newSection } from './sections'

type Props = {
  sections: readonly DraftSection[]
  change: (sections: DraftSection[]) => void
  classes: readonly DraftClass[]
  /** Where examples are chosen from; null while there is no dataset. */
  dataset: Id | null
  assets: ReadonlyMap<Id, Asset>
  remember: (assets: readonly Asset[]) => void
  faults: readonly Fault[]
}

/** The sections of the instructions: what each is about, its words, and assets as good and bad examples. */
export function SectionsEditor({ sections, change, classes, faults, ...rest }: Props) {
  const { t } = useLingui()
  const [removed, setRemoved] = useState<{ section: DraftSection; place: number } | null>(null)
  const without = classesWithout(sections, classes)
  const remove = (place: number) => {
    const section = sections[place]
    if (section) setRemoved({ section, place })
    change(sections.filter((_, each) => each !== place))
  }
  const putBack = () => {
    if (!removed) return
    change([...sections.slice(0, removed.place), removed.section, ...sections.slice(removed.place)])
    setRemoved(null)
  }
  return (
    <Stack gap="sm" component="section" aria-label={t`Sections`}>
      <Stack component="ul" gap="sm" p={0} m={0}>
        {sections.map((section, place) => (
          <SectionCard
            key={section.key}
            section={section}
            place={place}
            count={sections.length}
            classes={classes}
            taken={sections.flatMap(({ about }) => (about !== null && about !== section.about ? [about] : []))}
            faults={faults}
            edit={(part) => change(sections.map((each) => (each === section ? { ...each, ...part } : each)))}
            move={(by) => change(moved(sections, place, by))}
            remove={() => remove(place)}
            {...rest}
          />
        ))}
      </Stack>
      {removed && (
        <Group gap="xs" role="status">
          <Text size="sm">
            <Trans>The section was removed.</Trans>
          </Text>
          <Button size="compact-xs" variant="default" onClick={putBack}>
            <Trans>Put it back</Trans>
          </Button>
        </Group>
      )}
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconPlus size={15} />}
          onClick={() => change([...sections, newSection()])}
        >
          <Trans>Add a section</Trans>
        </Button>
        {without.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconListDetails size={15} />}
            onClick={() =>
              change([...sections, ...without.map(({ key, description }) => newSection(key, description))])
            }
          >
            {without.length === 1 ? (
              <Trans>
                Add one about <Said text={without[0]?.title || without[0]?.name || ''} />
              </Trans>
            ) : (
              <Trans>Add one for each class</Trans>
            )}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
