import { Trans, useLingui } from '@lingui/react/macro'
import { Box, Button, Code, CopyButton, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCertificate, IconDownload } from '@tabler/icons-react'
import { useSearchParams } from 'react-router'
import { useCertificates, useSigningKey } from '../../api/queries'
import type { Certificate } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { useTold } from '../../i18n/told'
import { BoundPlot } from '../../plots/ProjectPlots'
import { Empty } from '../common/Empty'
import { Figure } from '../common/Figure'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { Checked } from './Checked'
import { useThisProject } from './ProjectLayout'

/** The page that one would show to one's boss. */
export function Quality() {
  const { t } = useLingui()
  const project = useThisProject()
  const [search, setSearch] = useSearchParams()
  const told = useTold()
  const certificates = useCertificates(project.id)
  if (certificates.isPending) return <Skeleton height={320} />
  if (certificates.isError) {
    return (
      <ProblemNote
        what={t`The certificates could not be read`}
        cause={certificates.error}
        retry={() => void certificates.refetch()}
      />
    )
  }
  const wanted = search.get('certificate')
  const certificate = certificates.items.find(({ id }) => id === wanted) ?? certificates.items[0]
  if (!certificate) {
    const now = told(project.phase_sentence, project.phase_said)
    return (
      <Empty icon={<IconCertificate size={44} stroke={1.3} />} title={t`Not certified yet`}>
        {t`When routing has ended, the labels are frozen, a random part of them is checked, and this page says how large the error can still be. Now: ${now}`}
      </Empty>
    )
  }
  return (
    <Stack>
      <Statement certificate={certificate} />
      <Panel>
        <BoundPlot certificate={certificate} />
      </Panel>
      <Verify certificate={certificate} />
      <Checked certificate={certificate} classes={project.ontology.classes} />
      {certificates.items.length > 1 && (
        <Group gap="xs">
          <Text size="sm" className="quiet">
            <Trans>Earlier certificates:</Trans>
          </Text>
          {certificates.items.slice(1).map(({ id, issued_at }) => (
            <Button key={id} size="compact-xs" variant="default" onClick={() => setSearch({ certificate: id })}>
              {issued_at.slice(0, 10)}
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  )
}

function Statement({ certificate }: { certificate: Certificate }) {
  const { t } = useLingui()
  const format = useFormat()
  const bound = format.errorBound(certificate.error_upper_bound)
  const sure = format.confidence(certificate.confidence)
  const head = certificate.loss ? t`Mean loss at most ${bound}` : t`At most ${bound} of the labels are wrong`
  return (
    <Panel p={0}>
      <Group p="lg" gap="md" wrap="nowrap" align="flex-start">
        <Box visibleFrom="xs" style={{ flex: 'none' }}>
          <IconCertificate size={36} stroke={1.3} color="var(--mantine-primary-color-filled)" aria-hidden />
        </Box>
        <Stack gap={6} style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <Title order={2} size="h4" fw={600} style={{ textWrap: 'balance' }}>
            {t`${head}, with ${sure} confidence`}
          </Title>
          <Text>{certificate.statement}</Text>
          <Text size="sm" className="quiet">
            {certificate.simulated
              ? t`Checked by: ${certificate.reference}. The people of this project are simulated from known labels.`
              : t`Checked by: ${certificate.reference}.`}{' '}
            <Trans>Issued {format.exact(certificate.issued_at)}.</Trans>
          </Text>
          <Group mt="xs">
            <Button
              component="a"
              href={`/api/certificates/${certificate.id}/file`}
              download
              leftSection={<IconDownload size={15} />}
            >
              <Trans>Download the signed certificate</Trans>
            </Button>
          </Group>
        </Stack>
      </Group>
      <Group gap={0} style={{ borderTop: '1px solid var(--line)' }}>
        <Figure
          label={t`Error at most`}
          value={format.errorBound(certificate.error_upper_bound)}
          doubt={t`target ${format.percent(certificate.target_error)}, confidence ${sure}`}
          how={t`Exact bound on the share of wrong labels that are left after the errors found were repaired.`}
          tone="good"
        />
        <Figure
          label={t`Labels`}
          value={format.number(certificate.n_labels)}
          doubt={t`frozen before the draw`}
          how={t`The certificate covers these labels and no others; a hash over them stands in the document.`}
        />
        <Figure
          label={t`Checked at random`}
          value={format.number(certificate.n_checked)}
          doubt={certificate.n_wrong ? t`${format.number(certificate.n_wrong)} wrong, repaired` : t`none wrong`}
          how={t`Drawn without replacement, each label with the same chance; the seed stands in the document.`}
        />
      </Group>
    </Panel>
  )
}

function Verify({ certificate }: { certificate: Certificate }) {
  const key = useSigningKey().data
  const command = `karat certificate verify certificate-${certificate.id}.json`
  return (
    <Panel>
      <Text fw={600} size="sm">
        <Trans>Verify this yourself</Trans>
      </Text>
      <Text size="sm" className="quiet" mb="xs">
        <Trans>
          The command needs no server and trusts nothing but arithmetic: it checks the signature, draws the sample again
          from its seed and computes the bound anew. One changed byte is refused.
        </Trans>
      </Text>
      <Group gap="xs">
        <Code p={8} style={{ overflowWrap: 'anywhere' }}>
          {command}
        </Code>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Stack gap={0} mt="sm">
        <Text size="xs" className="quiet" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          sha256 {certificate.sha256}
        </Text>
        {key && (
          <Text size="xs" className="quiet" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            ed25519 {key.fingerprint}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}
