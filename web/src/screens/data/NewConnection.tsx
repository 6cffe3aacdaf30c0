import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { useConnect, useTryConnection } from '../../api/ingest'
import type { ConnectionKind } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'
import { ConnectionFields } from './ConnectionFields'
import { ConnectionResult } from './ConnectionResult'
import { EMPTY, newOf } from './connectionDraft'

/** Connect a bucket; it is asked first, and says exactly what stands in the way. */
export function NewConnection({ onDone }: { onDone: () => void }) {
  const { t } = useLingui()
  const [draft, setDraft] = useState(EMPTY)
  const attempt = useTryConnection()
  const connect = useConnect()
  const isReady = draft.name.trim() && draft.bucket.trim()
  const cause = connect.error ?? attempt.error
  return (
    <Section
      title={t`Connect a bucket`}
      about={t`Give it a key that can list and read, nothing more. It is kept encrypted and never shown again.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          connect.mutate(newOf(draft), {
            onSuccess: () => {
              setDraft({ ...EMPTY, kind: draft.kind })
              attempt.reset()
              onDone()
            },
          })
        }}
      >
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t`Where the bucket is`}
            w="fit-content"
            value={draft.kind}
            onChange={(next) => setDraft((now) => ({ ...now, kind: next as ConnectionKind }))}
            data={[
              { value: 's3', label: 'S3' },
              { value: 'gcs', label: 'Google' },
              { value: 'azure', label: 'Azure' },
            ]}
          />
          <ConnectionFields draft={draft} change={(part) => setDraft((now) => ({ ...now, ...part }))} />
          {cause && <ProblemNote what={t`The bucket is not connected`} cause={cause} />}
          {attempt.data && <ConnectionResult result={attempt.data} />}
          <Group gap="sm">
            <Button
              variant="default"
              disabled={!isReady}
              loading={attempt.isPending}
              onClick={() => attempt.mutate(newOf(draft), { onSuccess: () => connect.reset() })}
            >
              <Trans>Test it first</Trans>
            </Button>
            <Button type="submit" disabled={!isReady} loading={connect.isPending}>
              <Trans>Connect</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
