import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Kbd, Stack, Text, UnstyledButton } from '@mantine/core'
import type { Answer, Project, ReviewReason, ReviewReasonCode, Verdict } from '../../api/types'
import { ClassMark } from '../common/ClassMark'
import { ClassPanel } from './ClassPanel'
import styles from './ReviewPanel.module.css'

type Props = {
  project: Project
  answers: (Answer & { label: string | null })[]
  selected: string | null
  select: (place: number) => void
  asking: { verdict: Verdict; label: string | null } | null
  reasons: ReviewReason[]
  because: (code: ReviewReasonCode) => void
  cancel: () => void
  fix: (label: string) => void
  disabled: boolean
}

/** The answers, blinded, and below them the classes to fix with; or the reasons, when one is asked for. */
export function ReviewPanel(props: Props) {
  const { t } = useLingui()
  const { project, answers, selected, select, asking, fix, disabled } = props
  const { classes } = project.ontology
  if (asking) return <Reasons {...props} />
  return (
    <>
      <section className={styles.answers} aria-label={t`Answers`}>
        <Text size="xs" fw={600} className="quiet">
          <Trans>Answers</Trans>
        </Text>
        {answers.map((answer, place) => (
          <UnstyledButton
            key={answer.submission_id}
            className={styles.answer}
            aria-pressed={answer.submission_id === selected}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => select(place)}
          >
            <Text size="xs" ff="monospace" className="quiet">
              {answer.by}
            </Text>
            <ClassMark name={answer.label} classes={classes} />
          </UnstyledButton>
        ))}
        {!disabled && answers.length === 0 && (
          <Text size="sm" className="quiet">
            <Trans>Nobody has answered; choose a class.</Trans>
          </Text>
        )}
      </section>
      <Text size="xs" fw={600} className="quiet" px="sm" pt="xs">
        <Trans>Fix with</Trans>
      </Text>
      <ClassPanel classes={classes} chosen={null} disabled={disabled} choose={fix} />
    </>
  )
}

function Reasons({ project, asking, reasons, because, cancel }: Props) {
  const { t } = useLingui()
  return (
    <section className={styles.answers} aria-label={t`Reasons`}>
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {asking?.verdict === 'fix' ? <Trans>Why fix it with</Trans> : <Trans>Why reject?</Trans>}
        </Text>
        {asking?.label && <ClassMark name={asking.label} classes={project.ontology.classes} />}
      </Group>
      <Stack gap={2}>
        {reasons.map(({ code, title }, place) => (
          <UnstyledButton key={code} className={styles.answer} onClick={() => because(code)}>
            <Text size="sm" style={{ flex: 1 }}>
              {title}
            </Text>
            {place < 9 && <Kbd size="xs">{place + 1}</Kbd>}
          </UnstyledButton>
        ))}
      </Stack>
      <Button size="xs" variant="default" onClick={cancel} rightSection={<Kbd size="xs">Esc</Kbd>}>
        <Trans>Not yet</Trans>
      </Button>
    </section>
  )
}
