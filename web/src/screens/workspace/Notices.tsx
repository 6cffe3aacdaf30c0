import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCoffee } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'react-router'
import { useMay } from '../../api/session'
import type { Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { useTold } from '../../i18n/told'
import type { WorkStream } from '../../kernel/stream'
import type { StreamState } from '../../kernel/streamState'
import { Empty } from '../common/Empty'
import { ProblemNote } from '../common/Note'
import styles from './Notices.module.css'

/** What has to be said about the asset in hand, beside it and never over it. */
export function Banner({ state, stream, fault }: { state: StreamState; stream: WorkStream; fault: string | null }) {
  const { t } = useLingui()
  const { notice, failure, current } = state
  if (current?.leaseEnded) {
    return (
      <div className={styles.banner} role="alert" data-tone="warn">
        <Text size="sm">
          <Trans>
            The time for this asset is over and others may have it now. Your last edit is kept until you go on.
          </Trans>
        </Text>
        <Button size="compact-sm" onClick={() => void stream.leaveEnded()}>
          <Trans>Next asset</Trans>
        </Button>
      </div>
    )
  }
  if (fault) {
    return (
      <div className={styles.banner} role="alert">
        <Text size="sm">{fault}</Text>
      </div>
    )
  }
  if (notice) {
    return (
      <div className={styles.banner} role="status">
        <Text size="sm">
          {notice.code === 'final' ? (
            <Trans>The last answer can no longer be taken back: others have built on it.</Trans>
          ) : (
            (notice.sentence ?? <Trans>That did not work; try again.</Trans>)
          )}
        </Text>
      </div>
    )
  }
  if (failure && current) {
    return (
      <div className={styles.banner} role="status" data-tone="warn">
        <Text size="sm">
          {t`No new work can be fetched at present: ${failure.message} You can go on with what is here.`}
        </Text>
      </div>
    )
  }
  return null
}

/** Shorter pauses than this pass without a word: most batches follow each other faster. */
const UNSAID_MS = 800

/** No asset in hand. Only when that lasts is it worth a change of the screen. */
export function Between(props: { project: Project; state: StreamState; stream: WorkStream }) {
  const { state } = props
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), UNSAID_MS)
    return () => clearTimeout(timer)
  }, [])
  if (state.status === 'loading' && (isLong || !state.nDone)) return <Skeleton className={styles.skeleton} />
  if (state.status === 'loading' || (state.status === 'waiting' && state.nDone > 0 && !isLong)) return null
  return <Idle {...props} />
}

/** Where a reviewer who has nothing here finds what waits: checks come among what is labelled, reviews apart. */
function useElsewhere({ id, phase }: Project): { to: string; title: string } | null {
  const { t } = useLingui()
  const isReviewing = useLocation().pathname.startsWith('/review/')
  if (!useMay('tasks.review')) return null
  if (isReviewing && phase === 'checking') return { to: `/label/${id}`, title: t`Go to the checks` }
  if (!isReviewing && phase === 'review_needed') return { to: `/review/${id}`, title: t`Go to the reviews` }
  return null
}

/** Nothing in hand: why, and what to do. */
function Idle({ project, state, stream }: { project: Project; state: StreamState; stream: WorkStream }) {
  const { t } = useLingui()
  const format = useFormat()
  const told = useTold()
  const maySee = useMay('work.see')
  const maySeeQuality = useMay('quality.see')
  const cache = useQueryClient()
  const isCertified = project.phase === 'certified'
  const elsewhere = useElsewhere(project)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer that there is nothing is a reason to look
  useEffect(() => {
    // Why there is nothing may be that the project has come to its end meanwhile.
    void cache.invalidateQueries({ queryKey: [`/projects/${project.id}`] })
  }, [cache, project.id, state.waiting])
  if (state.failure) {
    return (
      <Stack className={styles.idle}>
        <ProblemNote what={t`No work could be fetched`} cause={state.failure} retry={() => void stream.fill()} />
      </Stack>
    )
  }
  const done = format.number(state.nDone)
  // What the server said when it was last asked for work may be older than what is known of the project.
  const why =
    isCertified && maySeeQuality
      ? told(project.phase_sentence, project.phase_said)
      : state.waiting?.sentence && told(state.waiting.sentence, state.waiting.said)
  return (
    <div className={styles.idle}>
      <Empty
        icon={<IconCoffee size={44} stroke={1.3} />}
        title={isCertified ? t`This project is certified` : t`Nothing for you at the moment`}
        action={
          <Group>
            {isCertified && maySeeQuality && (
              <Button component={Link} to={`/projects/${project.id}/quality`}>
                <Trans>See the certificate</Trans>
              </Button>
            )}
            {elsewhere && (
              <Button component={Link} to={elsewhere.to}>
                {elsewhere.title}
              </Button>
            )}
            <Button variant="default" onClick={() => void stream.fill()}>
              <Trans>Look again</Trans>
            </Button>
            <Button component={Link} to={maySee ? `/projects/${project.id}` : '/'} variant="default">
              <Trans>Leave</Trans>
            </Button>
          </Group>
        }
      >
        {why || <Trans>There is no open task for you in this project.</Trans>}
      </Empty>
      <Title order={2} className="visually-hidden">
        <Trans>Waiting</Trans>
      </Title>
      <Text size="sm" className="quiet" ta="center">
        {state.waiting?.retryAt && !isCertified && <Trans>Karat looks again by itself.</Trans>}{' '}
        <Trans>Handed in here: {done}.</Trans>
      </Text>
    </div>
  )
}
