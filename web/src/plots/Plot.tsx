import { useLingui } from '@lingui/react/macro'
import { ActionIcon, Group, Skeleton, Table, Text, Tooltip, useComputedColorScheme } from '@mantine/core'
import { IconChartLine, IconDownload, IconTable } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useFormat } from '../i18n/format'
import { toCsv } from './csv'
import type { PlotData } from './specs'

type Props = {
  title: string
  /** One sentence that says what the picture shows, for those who do not see it and for those who wonder. */
  description: string
  plot: PlotData
  empty?: ReactNode
  onMark?: (datum: Record<string, unknown>) => void
}

/** A plot that is also a table and a CSV. */
export function Plot({ title, description, plot, empty, onMark }: Props) {
  const { t } = useLingui()
  const [asTable, setAsTable] = useState(false)
  const isEmpty = plot.rows.length === 0
  return (
    <figure style={{ margin: 0 }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb={4}>
        <figcaption>
          <Text fw={600} size="sm">
            {title}
          </Text>
          <Text size="xs" className="quiet">
            {description}
          </Text>
        </figcaption>
        {!isEmpty && (
          <Group gap={4} wrap="nowrap">
            <Tooltip label={asTable ? t`Show as plot` : t`Show as table`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={asTable ? t`${title}: show as plot` : t`${title}: show as table`}
                onClick={() => setAsTable(!asTable)}
              >
                {asTable ? <IconChartLine size={16} /> : <IconTable size={16} />}
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t`Download CSV`}>
              <ActionIcon
                component="a"
                variant="subtle"
                color="gray"
                aria-label={t`${title}: download CSV`}
                href={`data:text/csv;charset=utf-8,${encodeURIComponent(toCsv(plot))}`}
                download={`${title}.csv`}
              >
                <IconDownload size={16} />
              </ActionIcon>
            </Tooltip>
          </Group>
        )}
      </Group>
      {isEmpty ? (
        <Text size="sm" className="quiet" py="xl">
          {empty ?? t`Nothing to show yet.`}
        </Text>
      ) : asTable ? (
        <PlotTable plot={plot} />
      ) : (
        <Picture title={title} description={description} plot={plot} onMark={onMark} />
      )}
    </figure>
  )
}

function Picture({ title, description, plot, onMark }: Omit<Props, 'empty'>) {
  const element = useRef<HTMLDivElement>(null)
  const [isDrawn, setDrawn] = useState(false)
  const { i18n } = useLingui()
  const language = i18n.locale
  const isDark = useComputedColorScheme('light') === 'dark'
  const latestOnMark = useRef(onMark)
  latestOnMark.current = onMark
  // The data comes anew each second; only a change of it is worth drawing.
  const shape = JSON.stringify(plot.spec)
  useEffect(() => {
    let finalize = () => {}
    let isGone = false
    void import('./render').then(async ({ render }) => {
      if (isGone || !element.current) return
      const done = await render(JSON.parse(shape), element.current, isDark, language, (datum) =>
        latestOnMark.current?.(datum),
      )
      if (isGone) done()
      else finalize = done
      setDrawn(true)
    })
    return () => {
      isGone = true
      finalize()
    }
  }, [shape, isDark, language])
  const height = (plot.spec as { height?: number }).height ?? 200
  return (
    <div style={{ minHeight: height + 40, position: 'relative' }}>
      {!isDrawn && <Skeleton height={height} />}
      <div ref={element} role="img" aria-label={`${title}. ${description}`} style={{ width: '100%' }} />
    </div>
  )
}

function PlotTable({ plot }: { plot: PlotData }) {
  const format = useFormat()
  const show = (value: number | string | null | undefined) => {
    if (typeof value !== 'number') return value ?? '–'
    return Number.isInteger(value) ? format.number(value) : value.toPrecision(4)
  }
  return (
    <Table.ScrollContainer minWidth={280} mah={260}>
      <Table withRowBorders={false} verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            {plot.columns.map(({ key, title }) => (
              <Table.Th key={key}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plot.rows.map((row) => (
            <Table.Tr key={JSON.stringify(row)}>
              {plot.columns.map(({ key }) => (
                <Table.Td key={key}>{show(row[key])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
