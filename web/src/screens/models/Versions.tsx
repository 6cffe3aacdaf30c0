import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Code, FileButton, Group, Progress, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useModelVersions, useUploadVersion } from '../../api/models'
import type { Model, ModelVersion } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { Ago } from '../common/Ago'
import { ProblemNote } from '../common/Note'
import { Section } from '../common/Section'

/** The files of a model, the newest first; each upload is read and judged before it is kept. */
export function Versions({ model, mayManage }: { model: Model; mayManage: boolean }) {
  const { t } = useLingui()
  const versions = useModelVersions(model.id)
  const [share, setShare] = useState(0)
  const send = useUploadVersion(model.id, setShare)
  return (
    <Section
      title={t`Versions`}
      about={t`A new file is a new version; predictions keep the version that made them. Pickled models are refused: they can run code.`}
    >
      {mayManage && (
        <FileButton accept=".onnx" onChange={(file) => file && send.mutate(file)}>
          {(props) => (
            <Button {...props} variant={model.latest ? 'default' : 'filled'} w="fit-content" loading={send.isPending}>
              <Trans>Upload an .onnx file</Trans>
            </Button>
          )}
        </FileButton>
      )}
      {send.isPending && <Progress value={share * 100} size="sm" aria-label={t`Upload of the model`} />}
      {send.isError && <ProblemNote what={t`The file was not taken`} cause={send.error} />}
      {versions.isSuccess && !versions.items.length && (
        <Text size="sm" className="quiet">
          <Trans>No file yet: the model cannot be asked before it has one.</Trans>
        </Text>
      )}
      {versions.items.map((version) => (
        <VersionRow key={version.id} version={version} />
      ))}
    </Section>
  )
}

function VersionRow({ version }: { version: ModelVersion }) {
  const { t } = useLingui()
  const format = useFormat()
  const { details } = version
  const shapes = [...(details?.inputs ?? []), ...(details?.outputs ?? [])]
    .map((each) => `${each.name}: ${each.type}[${each.shape.map((size) => size ?? '?').join(' × ')}]`)
    .join('\n')
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {t`Version ${version.version}`}
        </Text>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {version.name}
        </Text>
        <Text size="xs" className="quiet">
          {format.bytes(version.n_bytes)} · <Ago at={version.created_at} />
        </Text>
      </Group>
      {shapes && (
        <Code block style={{ overflowX: 'auto' }} tabIndex={0}>
          {shapes}
        </Code>
      )}
    </Stack>
  )
}
