import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { isMoving } from '../../api/following'
import { useRetryJob } from '../../api/jobs'
import { useProjectImport } from '../../api/moving'
import type { ProjectImport } from '../../api/types'
import { Ago } from '../common/Ago'
import { FaultList } from '../common/Note'
import { Panel } from '../common/Panel'
import { Said } from '../common/Said'
import { StateBadge } from '../common/StateBadge'
import { JobLine } from './JobLine'

/** One archive that came in: being read, refused with every fault, or the project that it is now. */
export function ImportRow({ coming }: { coming: ProjectImport }) {
  const { t } = useLingui()
  const retry = useRetryJob()
  const followed = useProjectImport(isMoving(coming) || retry.isSuccess ? coming.id : null)
  const now = followed.data ?? coming
  useFreshProjects(coming.state, now.state)
  return (
    <Panel data-import={now.state}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={2} style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Group gap="xs">
            <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
              {now.name}
            </Text>
            <State state={now.state} />
          </Group>
          <Text size="xs" className="quiet">
            <Ago at={now.created_at} />
            {now.origin && (
              <>
                {' · '}
                <Trans>
                  written <Ago at={now.origin.exported_at} /> by Karat <Said text={now.origin.karat} />
                </Trans>
              </>
            )}
          </Text>
        </Stack>
        {now.project_id && (
          <Button component={Link} to={`/projects/${now.project_id}`}>
            <Trans>Open the project</Trans>
          </Button>
        )}
        {(now.state === 'failed' || now.state === 'cancelled') && mayHeal(now) && now.job_id && (
          <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate(now.job_id as string)}>
            <Trans>Try again</Trans>
          </Button>
        )}
      </Group>
      {isMoving(now) && <JobLine id={now.job_id} what={t`Import of ${now.name}`} />}
      <WhatWasWrong now={now} again={retry.error?.message} />
      {now.project_id && (
        <Text size="sm" className="quiet" mt="xs">
          <Trans>
            It is paused: look at it, then let it go on in its settings. Who answered is in the group “Imported” and
            cannot sign in.
          </Trans>
        </Text>
      )}
    </Panel>
  )
}

/** Whether trying again can help: what is wrong with the file itself stays wrong, data that are not here can come. */
const mayHeal = ({ faults }: ProjectImport) => faults.every(({ code }) => code === 'archive.media_not_here')

function WhatWasWrong({ now, again }: { now: ProjectImport; again: string | undefined }) {
  return (
    <div role="status">
      {now.faults.length > 0 ? (
        <Stack gap={4} mt="xs">
          <Text size="sm" c="var(--bad)">
            <Trans>This archive cannot be imported; nothing of it was taken.</Trans>
          </Text>
          <FaultList faults={now.faults} />
        </Stack>
      ) : (
        now.error && (
          <Text size="sm" c="var(--bad)" mt="xs" style={{ overflowWrap: 'anywhere' }}>
            {now.error}
          </Text>
        )
      )}
      {again && (
        <Text size="sm" c="var(--bad)">
          {again}
        </Text>
      )}
    </div>
  )
}

function State({ state }: { state: ProjectImport['state'] }) {
  const { t } = useLingui()
  if (state === 'done') return <StateBadge tone="good">{t`imported`}</StateBadge>
  if (state === 'failed') return <StateBadge tone="warn">{t`refused`}</StateBadge>
  if (state === 'cancelled') return <StateBadge tone="plain">{t`cancelled`}</StateBadge>
  return <StateBadge tone="accent">{t`being read`}</StateBadge>
}

/** What has come in is in the lists of projects and datasets at once, whatever the row was when it was listed first. */
function useFreshProjects(listed: ProjectImport['state'], now: ProjectImport['state']): void {
  const cache = useQueryClient()
  const [atFirst] = useState(listed)
  const isJustDone = atFirst !== 'done' && now === 'done'
  useEffect(() => {
    const isList = ({ queryKey: [path] }: { queryKey: readonly unknown[] }) =>
      ['/projects', '/datasets', '/project-imports'].includes(String(path))
    if (isJustDone) void cache.invalidateQueries({ predicate: isList })
  }, [isJustDone, cache])
}
