import { Trans, useLingui } from '@lingui/react/macro'
import { Container, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useFormat } from '../i18n/format'
import { BeliefsPlot, CostPlot, ErrorPlot, ReliabilityPlot } from '../plots/ProjectPlots'
import { Figure } from '../screens/common/Figure'
import { Panel } from '../screens/common/Panel'
import { Mark } from '../screens/shell/Mark'
import type { Report } from './types'

/** The report of a run, on one page that needs no server. */
export function ReportPage({ report }: { report: Report }) {
  const format = useFormat()
  const { overview } = report
  return (
    <Container size={1100} py="xl">
      <Stack>
        <Mark />
        <div>
          <Title order={1} size="h3">
            {report.statement ?? report.title}
          </Title>
          <Text className="quiet">
            {report.title} · {format.exact(report.made_at)}
          </Text>
        </div>
        {report.people_sentence && (
          <Panel bg="var(--page)">
            <Text size="sm">{report.people_sentence}</Text>
          </Panel>
        )}
        <ReportFigures report={report} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Panel>
            <ErrorPlot series={overview.series} target={report.target_error} truth={report.true_error_series} />
          </Panel>
          <Panel>
            <CostPlot answers={overview.answers} />
          </Panel>
          <Panel>
            <BeliefsPlot beliefs={overview.beliefs} />
          </Panel>
          <Panel>
            <ReliabilityPlot points={overview.reliability} />
          </Panel>
        </SimpleGrid>
        <Text size="xs" className="quiet">
          <Trans>
            seed {report.seed} · {format.number(report.people)} people · {format.seconds(report.seconds)}
          </Trans>
        </Text>
      </Stack>
    </Container>
  )
}

function ReportFigures({ report }: { report: Report }) {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <Panel p={0}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing={0}>
        <Figure
          label={report.certified ? t`Certified error` : t`Not certified`}
          value={
            report.certified_error_upper_bound === null
              ? '–'
              : `≤ ${format.errorBound(report.certified_error_upper_bound)}`
          }
          doubt={t`with ${format.confidence(report.confidence)} confidence · n = ${format.number(report.n_checked)}`}
          how={t`Exact upper bound on the share of wrong labels, from a random check drawn after the labels were frozen.`}
          tone={report.certified ? 'good' : 'warn'}
        />
        <Figure
          label={t`True error`}
          value={format.percent(report.true_error, 2)}
          doubt={t`known here because the labels are`}
          how={t`Share of delivered labels that differ from the known ones, after repair.`}
        />
        <Figure
          label={t`Answers of people`}
          value={format.number(report.human_answers)}
          doubt={t`for ${format.number(report.n_assets)} assets`}
          how={t`Every answer that a person gave in this project, those of reviews and of the random check included.`}
        />
        <Figure
          label={t`Saved against three answers each`}
          value={format.percent(report.human_answers_saved)}
          doubt={t`${format.percent(report.human_answers_saved_vs_one)} against one answer each`}
          how={t`One minus the answers given, divided by ${format.number(report.human_answers_baseline)}.`}
        />
      </SimpleGrid>
    </Panel>
  )
}
