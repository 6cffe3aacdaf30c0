import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Attribute, Fault } from '../../api/types'
import { faultAt } from '../setup/faults'
import { moved } from '../setup/moved'
import type { DraftClass } from '../setup/sections'
import { AttributeRow } from './AttributeRow'
import { attributeFaults, newAttribute } from './attributes'

/** The faults of the attributes in the language that is spoken. */
export function useAttributeFaults(attributes: readonly Attribute[], classes: readonly DraftClass[]): Fault[] {
  const { t } = useLingui()
  const keys = classes.map(({ key }) => key)
  return attributeFaults(attributes, keys, {
    empty: t`An attribute needs a name.`,
    twice: t`This name is used twice.`,
    noOptions: t`At least one option is needed to choose from.`,
    limits: t`The least is more than the most.`,
    noClass: t`Choose a class that has it, or leave this empty for all.`,
  })
}

type Props = {
  attributes: readonly Attribute[]
  change: (attributes: Attribute[]) => void
  classes: readonly DraftClass[]
  faults: readonly Fault[]
}

/** What else is said of each object: type, options, whether it must be, and of which classes. */
export function AttributesEditor({ attributes, change, classes, faults }: Props) {
  const general = faultAt(faults, 'attributes')
  return (
    <Stack gap="xs">
      <div>
        <Title order={3} size="h5">
          <Trans>What else is said of each object?</Trans>
        </Title>
        <Text className="quiet" size="sm">
          <Trans>Attributes, such as whether something is cut off. Leave them out if the class says it all.</Trans>
        </Text>
      </div>
      <Stack gap="sm" component="ul" p={0} m={0}>
        {attributes.map((attribute, row) => (
          <AttributeRow
            // biome-ignore lint/suspicious/noArrayIndexKey: an attribute has no identity before it has a name
            key={row}
            row={row}
            count={attributes.length}
            value={attribute}
            classes={classes}
            faults={faults}
            edit={(next) => change(attributes.map((each, place) => (place === row ? next : each)))}
            move={(by) => change(moved(attributes, row, by))}
            remove={() => change(attributes.filter((_, place) => place !== row))}
          />
        ))}
      </Stack>
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={15} />}
          onClick={() => change([...attributes, newAttribute()])}
        >
          <Trans>Add an attribute</Trans>
        </Button>
      </Group>
      {general && (
        <Text size="sm" c="var(--bad)" role="alert">
          {general}
        </Text>
      )}
    </Stack>
  )
}
