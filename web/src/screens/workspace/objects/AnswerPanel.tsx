import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Kbd, Stack, Switch, Text, UnstyledButton } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import type { Answer, ReviewReason, ReviewReasonCode, Verdict } from '../../../api/types'
import { colorOfAnnotator } from '../../../modalities/objects/colors'
import { toggled } from '../../../modalities/objects/session'
import review from '../ReviewPanel.module.css'
import styles from './Objects.module.css'
import { Take } from './ProposalPanel'
import type { Objects } from './useObjects'

/** Whose answers lie over the image, each in a colour, and taking one over whole. */
export function AnswerPanel({ objects, session, answers }: Objects & { answers: readonly Answer[] }) {
  const { t } = useLingui()
  return (
    <section className={styles.section} aria-label={t`Answers`}>
      <Group justify="space-between" px="xs" wrap="nowrap">
        <Text size="xs" fw={600} className="quiet">
          <Trans>Answers</Trans>
        </Text>
        <Switch
          size="xs"
          label={t`Only what differs`}
          checked={session.onlyDifferences}
          onChange={({ currentTarget }) => objects.session.setState({ onlyDifferences: currentTarget.checked })}
        />
      </Group>
      {answers.map(({ by, submission_id, annotations }) => {
        const isMuted = session.muted.has(submission_id)
        const count = annotations.length
        return (
          <div key={submission_id} className={styles.answer}>
            <span className={styles.letter} style={{ background: colorOfAnnotator(by) }} aria-hidden />
            <Text size="sm" style={{ flex: 1 }}>
              {t`${by}: ${count}`}
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={isMuted ? t`Show the answer of ${by}` : t`Hide the answer of ${by}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => objects.session.setState({ muted: toggled(session.muted, [submission_id]) })}
            >
              {isMuted ? <IconEyeOff size={15} /> : <IconEye size={15} />}
            </ActionIcon>
            <Take what={t`Take ${by}`} disabled={false} run={() => objects.takeAnswer(submission_id)} />
          </div>
        )
      })}
      {!answers.length && (
        <Text size="xs" className="quiet" px="xs">
          <Trans>Nobody has answered; mark what is there.</Trans>
        </Text>
      )}
    </section>
  )
}

type ReasonsProps = {
  verdict: Verdict
  reasons: readonly ReviewReason[]
  because: (code: ReviewReasonCode) => void
  cancel: () => void
}

/** Why an answer was fixed or rejected: one key. */
export function Reasons({ verdict, reasons, because, cancel }: ReasonsProps) {
  const { t } = useLingui()
  return (
    <section className={review.answers} aria-label={t`Reasons`}>
      <Text size="sm" fw={600}>
        {verdict === 'fix' ? <Trans>Why did it need a fix?</Trans> : <Trans>Why reject?</Trans>}
      </Text>
      <Stack gap={2}>
        {reasons.map(({ code, title }, place) => (
          <UnstyledButton key={code} className={review.answer} onClick={() => because(code)}>
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
