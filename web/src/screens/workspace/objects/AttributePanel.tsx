import { Plural, useLingui } from '@lingui/react/macro'
import { Checkbox, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import type { Attribute } from '../../../api/types'
import type { ObjectPayload } from '../../../modalities/objects/types'
import { type AttributeValue, attributesOf, checkAttribute } from '../../../modalities/vocabulary'
import styles from './Objects.module.css'
import type { Objects } from './useObjects'

/** What else is said about the selection: the attributes that all of it has. */
export function AttributePanel({ objects, session, document }: Objects) {
  const { t } = useLingui()
  const selected = session.selection.flatMap((id) => (document[id]?.payload as ObjectPayload | undefined) ?? [])
  const [first, ...others] = selected
  if (!first || !objects.ontology.attributes.length) return null
  const shared = attributesOf(objects.ontology, first.label_class).filter((attribute) =>
    others.every(({ label_class }) => attributesOf(objects.ontology, label_class).includes(attribute)),
  )
  if (!shared.length) return null
  const isLocked = session.selection.every((id) => session.locked.has(id))
  const count = selected.length
  return (
    <section className={styles.section} aria-label={t`Attributes`}>
      <Text size="xs" fw={600} className="quiet" px="xs">
        <Plural value={count} one="Attributes of the selected object" other="Attributes of # selected objects" />
      </Text>
      <Stack gap={8} px="xs">
        {shared.map((attribute) => {
          const { name } = attribute
          const isShared = others.every((each) => same(each.attributes[name], first.attributes[name]))
          return (
            <Field
              // An uncommitted text belongs to the object that it was typed for.
              key={`${session.selection.join()} ${name}`}
              attribute={attribute}
              value={isShared ? first.attributes[name] : undefined}
              isMixed={!isShared}
              disabled={isLocked}
              say={(value) => objects.setAttribute(name, value)}
            />
          )
        })}
      </Stack>
    </section>
  )
}

const same = (a: AttributeValue | undefined, b: AttributeValue | undefined) => JSON.stringify(a) === JSON.stringify(b)

type FieldProps = {
  attribute: Attribute
  value: AttributeValue | undefined
  isMixed: boolean
  disabled: boolean
  say: (value: AttributeValue | undefined) => void
}

function Field({ attribute, value, isMixed, disabled, say }: FieldProps) {
  const { t } = useLingui()
  const { type, options, required, minimum, maximum } = attribute
  const label = attribute.title || attribute.name
  const [fault] = isMixed ? [] : checkAttribute(attribute, value)
  const common = {
    label,
    disabled,
    size: 'xs' as const,
    withAsterisk: required,
    description: attribute.description || undefined,
    // What is only still to be said is no error yet; the list and the button tell.
    error: fault && fault.code !== 'attribute.missing' ? fault.message : undefined,
    placeholder: isMixed ? t`differs` : required ? t`required` : undefined,
  }
  if (type === 'select') {
    return (
      <Select
        {...common}
        data={[...options]}
        value={typeof value === 'string' ? value : null}
        searchable={options.length > 8}
        clearable={!required}
        comboboxProps={{ withinPortal: true }}
        onChange={(chosen) => say(chosen ?? undefined)}
      />
    )
  }
  if (type === 'number') {
    return (
      <NumberInput
        {...common}
        min={minimum ?? undefined}
        max={maximum ?? undefined}
        clampBehavior="none"
        value={typeof value === 'number' ? value : ''}
        onChange={(typed) => say(typeof typed === 'number' ? typed : undefined)}
      />
    )
  }
  if (type === 'text') {
    return (
      <TextInput
        {...common}
        dir="auto"
        defaultValue={typeof value === 'string' ? value : ''}
        maxLength={2000}
        onBlur={({ currentTarget }) => say(currentTarget.value || undefined)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
      />
    )
  }
  if (!options.length) {
    return (
      <Checkbox
        label={label}
        size="xs"
        description={common.description}
        disabled={disabled}
        checked={value === true}
        // A box that is not ticked says no; only where that must be said does silence look different.
        indeterminate={isMixed || (required && value === undefined)}
        onChange={({ currentTarget }) => say(currentTarget.checked)}
      />
    )
  }
  return (
    <Checkbox.Group
      label={label}
      size="xs"
      withAsterisk={required}
      description={common.description}
      error={common.error}
      value={Array.isArray(value) ? value : []}
      onChange={(chosen) => say(options.filter((option) => chosen.includes(option)))}
    >
      <Stack gap={4} mt={4}>
        {options.map((option) => (
          <Checkbox key={option} value={option} label={option} size="xs" disabled={disabled} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
