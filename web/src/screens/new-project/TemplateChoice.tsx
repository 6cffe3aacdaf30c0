import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTemplates } from '../../api/projects'
import type { Modality, ProjectTemplate } from '../../api/types'
import { EDITORS } from '../../modalities'
import { ClassMark } from '../common/ClassMark'
import { ProblemNote } from '../common/Note'
import { Said } from '../common/Said'
import { type Draft, fromTemplate, withoutTemplate } from './draft'
import styles from './Templates.module.css'

const MOST_CLASSES = 6

type Props = { draft: Draft; change: (draft: Draft) => void; modality: Modality }

/** A project that somebody has thought through, to start from and to change; or nothing at all. */
export function TemplateChoice({ draft, change, modality }: Props) {
  const { t } = useLingui()
  const templates = useTemplates(modality)
  const [isOpen, setOpen] = useState(draft.template === null && draft.classes.length === 0)
  const [before, setBefore] = useState<Draft | null>(null)
  const items = templates.data?.items ?? []
  const known = items.filter(({ kind }) => EDITORS.some((editor) => editor.kind.name === kind))
  const chosen = known.find(({ name }) => name === draft.template)
  const start = (template: ProjectTemplate | null) => {
    setOpen(false)
    if (template === null && draft.template === null) return
    setBefore(draft)
    change(template ? fromTemplate(draft, template, isOfObjects(template)) : withoutTemplate(draft))
  }
  const undo = () => {
    if (before) change({ ...before, step: draft.step, reached: draft.reached })
    setBefore(null)
  }
  if (templates.isPending) return <Skeleton height={90} />
  if (templates.isError) {
    return (
      <ProblemNote
        what={t`The templates could not be read`}
        cause={templates.error}
        next={t`You can write everything yourself below.`}
        retry={() => void templates.refetch()}
      />
    )
  }
  if (!isOpen) {
    return (
      <Group gap="xs" role="status">
        <Text size="sm">
          {chosen ? (
            <Trans>
              From the template <Said text={chosen.title} strong />. Everything can be changed.
            </Trans>
          ) : (
            <Trans>Started empty.</Trans>
          )}
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
          {chosen ? <Trans>Choose another</Trans> : <Trans>Start from a template</Trans>}
        </Button>
        {before && (
          <Button size="compact-xs" variant="default" onClick={undo}>
            <Trans>Undo</Trans>
          </Button>
        )}
      </Group>
    )
  }
  return (
    <Stack gap="xs" component="section" aria-label={t`Templates`}>
      <Text size="sm" fw={500}>
        <Trans>Start from a template?</Trans>
      </Text>
      <ul className={styles.cards}>
        <li>
          <UnstyledButton className={styles.card} aria-pressed={false} onClick={() => start(null)}>
            <Text size="sm" fw={600}>
              <Trans>Start empty</Trans>
            </Text>
            <Text size="sm" className="quiet">
              <Trans>Write classes, instructions and target yourself.</Trans>
            </Text>
          </UnstyledButton>
        </li>
        {known.map((template) => (
          <Card
            key={template.name}
            template={template}
            isChosen={template.name === draft.template}
            choose={() => start(template)}
          />
        ))}
      </ul>
    </Stack>
  )
}

const isOfObjects = ({ kind }: ProjectTemplate) =>
  EDITORS.find((editor) => editor.kind.name === kind)?.answers === 'objects'

function Card({ template, isChosen, choose }: { template: ProjectTemplate; isChosen: boolean; choose: () => void }) {
  const { i18n } = useLingui()
  const editor = EDITORS.find((each) => each.kind.name === template.kind)
  const shown = template.classes.slice(0, MOST_CLASSES)
  const rest = template.classes.length - shown.length
  return (
    <li>
      <UnstyledButton className={styles.card} aria-pressed={isChosen} onClick={choose}>
        <Text size="sm" fw={600}>
          {template.title}
        </Text>
        <Text size="sm">{template.summary}</Text>
        {editor && (
          <Text size="xs" className="quiet">
            {i18n._(editor.title)}
            {template.attributes.length > 0 && (
              <>
                {' · '}
                <Plural value={template.attributes.length} one="# attribute" other="# attributes" />
              </>
            )}
          </Text>
        )}
        <span className={styles.classes}>
          {shown.map(({ name }) => (
            <ClassMark key={name} name={name} classes={template.classes} />
          ))}
          {rest > 0 && (
            <Text size="sm" component="span" className="quiet">
              <Plural value={rest} one="and # more" other="and # more" />
            </Text>
          )}
        </span>
      </UnstyledButton>
    </li>
  )
}
