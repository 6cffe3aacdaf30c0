import { useLingui } from '@lingui/react/macro'
import { Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconCertificate, IconCpu, IconDiamond, IconUsers, IconZoomCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Stage } from '../../api/types'
import { useFormat } from '../../i18n/format'
import styles from './Flow.module.css'

const ORDER: Stage[] = ['model', 'people', 'review', 'check', 'done']
const ICONS = { model: IconCpu, people: IconUsers, review: IconZoomCheck, check: IconDiamond, done: IconCertificate }

/** The words for the stages, for everyone who shows them. */
export function useStageNames(): Record<Stage, string> {
  const { t } = useLingui()
  return { model: t`Model`, people: t`People`, review: t`Review`, check: t`Check`, done: t`Done` }
}

/** The way of the tasks through the stages; each count leads to its tasks. */
export function Flow({ projectId, stages }: { projectId: string; stages: Record<Stage, number> }) {
  const { t } = useLingui()
  const format = useFormat()
  const names = useStageNames()
  const meanings: Record<Stage, string> = {
    model: t`The model has an opinion; nobody is asked at present.`,
    people: t`Waiting for the answer of a person.`,
    review: t`The answers differ too much: a reviewer decides.`,
    check: t`Drawn at random for the certificate.`,
    done: t`The label is final.`,
  }
  const total = Math.max(
    ORDER.reduce((sum, stage) => sum + stages[stage], 0),
    1,
  )
  return (
    <div>
      <ol className={styles.flow} aria-label={t`Tasks by stage`}>
        {ORDER.map((stage) => {
          const Icon = ICONS[stage]
          return (
            <li key={stage} className={styles.stage}>
              <Tooltip label={meanings[stage]}>
                <UnstyledButton
                  component={Link}
                  to={`/projects/${projectId}/tasks?stage=${stage}`}
                  className={styles.link}
                >
                  <span className={styles.name}>
                    <Icon size={15} aria-hidden /> {names[stage]}
                  </span>
                  <Text fw={600} size="lg">
                    {format.number(stages[stage])}
                  </Text>
                </UnstyledButton>
              </Tooltip>
            </li>
          )
        })}
      </ol>
      <div className={styles.bar} aria-hidden>
        {ORDER.map((stage) => (
          <span key={stage} data-stage={stage} style={{ flexGrow: stages[stage] / total }} />
        ))}
      </div>
    </div>
  )
}
