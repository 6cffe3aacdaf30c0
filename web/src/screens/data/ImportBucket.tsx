import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Group, Radio, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { useConnections } from '../../api/ingest'
import { post } from '../../api/queries'
import type { Id, Import } from '../../api/types'
import { ProblemNote } from '../common/Note'

type Props = { dataset: () => Promise<Id>; onImport: (made: { id: Id; name: string }) => void }

/** Take what lies under a prefix of a connected bucket: copied here, or left there and only referred to. */
export function ImportBucket({ dataset, onImport }: Props) {
  const { t } = useLingui()
  const connections = useConnections()
  const [chosen, setChosen] = useState<string | null>(null)
  const [prefix, setPrefix] = useState('')
  const [patterns, setPatterns] = useState('')
  const [manifest, setManifest] = useState('')
  const [mode, setMode] = useState<'copy' | 'reference'>('copy')
  const [state, setState] = useState<{ busy: boolean; cause: unknown }>({ busy: false, cause: null })
  const connection = chosen ?? connections.items[0]?.id ?? null
  const send = async () => {
    setState({ busy: true, cause: null })
    try {
      const made = await post<Import>(`/datasets/${await dataset()}/bucket-imports`, {
        connection_id: connection,
        prefix: prefix.trim(),
        patterns: patterns.split(/[\s,]+/).filter(Boolean),
        manifest: manifest.trim() || null,
        mode,
      })
      onImport({ id: made.id, name: made.name })
      setState({ busy: false, cause: null })
    } catch (cause) {
      setState({ busy: false, cause })
    }
  }
  if (connections.isLoading) return <Skeleton height={120} mt="sm" />
  if (connections.isError)
    return (
      <ProblemNote
        what={t`The connections could not be read`}
        cause={connections.error}
        retry={() => void connections.refetch()}
      />
    )
  if (!connections.items.length)
    return (
      <Text size="sm" mt="sm">
        <Trans>
          No bucket is connected yet.{' '}
          <Anchor component={Link} to="/datasets/connections" inherit underline="always">
            Connect one
          </Anchor>
          : S3, Google Cloud Storage or Azure.
        </Trans>
      </Text>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Stack gap="sm" mt="sm">
        <Group gap="sm" align="flex-start">
          <Select
            label={t`Bucket`}
            data={connections.items.map((each) => ({ value: each.id, label: each.name }))}
            value={connection}
            allowDeselect={false}
            onChange={setChosen}
            style={{ flex: '1 1 180px' }}
          />
          <TextInput
            label={t`Below`}
            placeholder="2026/march/"
            value={prefix}
            onChange={({ currentTarget }) => setPrefix(currentTarget.value)}
            style={{ flex: '1 1 180px' }}
          />
          <TextInput
            label={t`Only`}
            placeholder="*.jpg, **/*.png"
            value={patterns}
            onChange={({ currentTarget }) => setPatterns(currentTarget.value)}
            style={{ flex: '1 1 160px' }}
          />
          <TextInput
            label={t`List in the bucket`}
            placeholder="manifest.csv"
            value={manifest}
            onChange={({ currentTarget }) => setManifest(currentTarget.value)}
            style={{ flex: '1 1 160px' }}
          />
        </Group>
        <Radio.Group
          label={t`Where the files stay`}
          value={mode}
          onChange={(next) => setMode(next as 'copy' | 'reference')}
        >
          <Stack gap={6} mt={4}>
            <Radio
              value="copy"
              label={t`Copy them here`}
              description={t`The bucket may change or go away afterwards.`}
            />
            <Radio
              value="reference"
              label={t`Leave them in the bucket`}
              description={t`Nothing is copied; a file that is changed or deleted there cannot be shown any more.`}
            />
          </Stack>
        </Radio.Group>
        {Boolean(state.cause) && <ProblemNote what={t`The import did not begin`} cause={state.cause} />}
        <Button type="submit" w="fit-content" loading={state.busy} disabled={!connection}>
          <Trans>Import from the bucket</Trans>
        </Button>
      </Stack>
    </form>
  )
}
