import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Text } from '@mantine/core'
import type { ConnectionTest } from '../../api/types'
import { FaultList } from '../common/Note'

/** What came of asking a bucket: that it works, or exactly what stands in the way and what to do. */
export function ConnectionResult({ result }: { result: ConnectionTest }) {
  const { t } = useLingui()
  if (result.ok)
    return (
      <Text size="sm" c="var(--good)" role="status" style={{ overflowWrap: 'anywhere' }}>
        {result.sample_key ? t`It can be listed and read; tried with ${result.sample_key}.` : null}
        {!result.sample_key && <Trans>It can be listed; nothing lies below the prefix yet.</Trans>}
      </Text>
    )
  return (
    <Alert color="red" variant="light" title={t`The bucket cannot be used yet`} role="alert">
      <FaultList faults={result.faults} />
    </Alert>
  )
}
