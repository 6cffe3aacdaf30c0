import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconDeviceLaptop } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEndSession, useOwnSessions } from '../../api/account'
import { request } from '../../api/client'
import type { OwnSession } from '../../api/types'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { StateBadge } from '../common/StateBadge'
import { Sure } from '../common/Sure'

/** The browsers in which I am signed in. */
export function OwnSessions() {
  const { t } = useLingui()
  const sessions = useOwnSessions()
  const endAll = useMutation({
    mutationFn: () => request('/me/sessions', { method: 'DELETE' }),
    // A page that knows of no session shows the sign-in page; nothing of this account stays in its memory.
    onSuccess: () => location.assign('/sign-in'),
  })
  return (
    <Section
      title={t`Where you are signed in`}
      about={t`If you do not know one of them, sign it out and change your password.`}
    >
      {sessions.isPending && <Skeleton height={80} />}
      {sessions.isError && (
        <ProblemNote
          what={t`Your sessions could not be read`}
          cause={sessions.error}
          retry={() => void sessions.refetch()}
        />
      )}
      {sessions.data?.items.map((each) => (
        <SessionRow key={each.id} session={each} />
      ))}
      <Button variant="default" w="fit-content" loading={endAll.isPending} onClick={() => endAll.mutate()}>
        <Trans>Sign out everywhere, here too</Trans>
      </Button>
      {endAll.isError && <ProblemNote what={t`You are still signed in`} cause={endAll.error} />}
    </Section>
  )
}

function SessionRow({ session }: { session: OwnSession }) {
  const { t } = useLingui()
  const end = useEndSession()
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <IconDeviceLaptop size={18} aria-hidden style={{ flex: 'none' }} />
        <Stack gap={0} miw={0}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {session.device}
          </Text>
          <Text size="xs" className="quiet">
            <Trans>
              used <Ago at={session.last_used_at} />
            </Trans>
          </Text>
        </Stack>
      </Group>
      {session.current ? (
        <StateBadge tone="good" style={{ flex: 'none' }}>{t`this browser`}</StateBadge>
      ) : (
        <Sure
          label={t`Sign out ${session.device}`}
          deed={t`Sign it out`}
          busy={end.isPending}
          error={end.error}
          run={() => end.mutate(session.id)}
        >{t`Sign out`}</Sure>
      )}
    </Group>
  )
}
