import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChangeConnection, useTryChange } from '../../api/ingest'
import type { Connection, ConnectionChange } from '../../api/types'
import { ProblemNote } from '../common/Note'
import { ConnectionFields } from './ConnectionFields'
import { ConnectionResult } from './ConnectionResult'
import { changeOf, concernsBucket, draftOf } from './connectionDraft'

type Props = { connection: Connection; onSaved: () => void; onClose: () => void }

/** Change a connection. The bucket is asked with the change before that is kept; who insists can keep it all the same. */
export function EditConnection({ connection, onSaved, onClose }: Props) {
  const { t } = useLingui()
  const [draft, setDraft] = useState(() => draftOf(connection))
  const attempt = useTryChange(connection.id)
  const save = useChangeConnection(connection.id)
  const change = changeOf(connection, draft)
  const isMoved = change !== null && 'endpoint' in change
  const keep = (made: ConnectionChange) => save.mutate(made, { onSuccess: concernsBucket(made) ? onSaved : onClose })
  const testAndKeep = () => {
    if (!change) return onClose()
    if (!concernsBucket(change)) return keep(change)
    attempt.mutate(change, { onSuccess: (result) => result.ok && keep(change) })
  }
  const cause = save.error ?? attempt.error
  return (
    <form
      aria-label={t`Change ${connection.name}`}
      onSubmit={(event) => {
        event.preventDefault()
        testAndKeep()
      }}
    >
      <Stack gap="sm">
        <ConnectionFields
          isFixed
          draft={draft}
          change={(part) => {
            setDraft((now) => ({ ...now, ...part }))
            attempt.reset()
            save.reset()
          }}
          kept={isMoved ? null : connection.secret_hint}
        />
        {isMoved && !draft.anonymous && (
          <Text size="sm" className="quiet">
            <Trans>Another endpoint is not shown the credentials that are kept: enter them again.</Trans>
          </Text>
        )}
        {isMoved && connection.n_references > 0 && (
          <Text size="sm" c="var(--warn)">
            <Plural
              value={connection.n_references}
              one="# file is shown from this bucket; it has to be at the new endpoint as well."
              other="# files are shown from this bucket; they have to be at the new endpoint as well."
            />
          </Text>
        )}
        {cause && <ProblemNote what={t`The connection was not changed`} cause={cause} />}
        {attempt.data && !attempt.data.ok && <ConnectionResult result={attempt.data} />}
        <Group gap="sm">
          <Button
            type="submit"
            size="compact-md"
            disabled={!draft.name.trim()}
            loading={attempt.isPending || save.isPending}
          >
            {change && concernsBucket(change) ? <Trans>Test and save</Trans> : <Trans>Save</Trans>}
          </Button>
          {attempt.data?.ok === false && change && (
            <Button size="compact-md" variant="default" onClick={() => keep(change)}>
              <Trans>Save it all the same</Trans>
            </Button>
          )}
          <Button size="compact-md" variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
