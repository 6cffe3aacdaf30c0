import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import type { Dataset } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { money } from '../../i18n/money'
import type { Editor } from '../../modalities/kind'
import { Panel } from '../common/Panel'
import { exampleIds, sentSections } from '../setup/sections'
import { budgetOf, USUAL } from '../setup/target'
import type { Draft } from './draft'
import styles from './Summary.module.css'

type Props = { draft: Draft; dataset: Dataset | null; editor: Editor | undefined; go: (step: number) => void }

/** What will be made, each line with the way back to it. */
export function Summary({ draft, dataset, editor, go }: Props) {
  const { t } = useLingui()
  const lines: { step: number; what: string; said: ReactNode }[] = [
    { step: 0, what: t`Data`, said: <Data dataset={dataset} /> },
    { step: 1, what: t`Classes`, said: <Classes draft={draft} editor={editor} /> },
    { step: 2, what: t`Instructions`, said: <Instructions draft={draft} /> },
    { step: 3, what: t`Target`, said: <Target draft={draft} /> },
  ]
  return (
    <Panel bg="var(--page)">
      <Text size="sm" fw={600} mb="xs">
        <Trans>What will be made</Trans>
      </Text>
      <dl className={styles.list}>
        {lines.map(({ step, what, said }) => (
          <div key={step}>
            <dt>{what}</dt>
            <dd>{said}</dd>
            <dd>
              <Button size="compact-xs" variant="default" aria-label={t`Change: ${what}`} onClick={() => go(step)}>
                <Trans>Change</Trans>
              </Button>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Data({ dataset }: Pick<Props, 'dataset'>) {
  if (!dataset) return '–'
  return (
    <>
      {dataset.name}, <Plural value={dataset.n_assets} one="# asset" other="# assets" />
    </>
  )
}

function Classes({ draft, editor }: Pick<Props, 'draft' | 'editor'>) {
  const { i18n } = useLingui()
  const names = draft.classes.map(({ name, title }) => title || name).filter(Boolean)
  const count = editor?.answers === 'objects' ? draft.attributes.length : 0
  return (
    <>
      {editor && <>{i18n._(editor.title)}: </>}
      {names.slice(0, 12).join(', ')}
      {names.length > 12 && ' …'}
      {count > 0 && (
        <>
          {'; '}
          <Plural value={count} one="# attribute" other="# attributes" />
        </>
      )}
    </>
  )
}

function Instructions({ draft }: Pick<Props, 'draft'>) {
  const n = sentSections(draft.sections, draft.classes).sent.length
  const nExamples = exampleIds(draft.sections).length
  if (!draft.instructions.trim() && !n) return <Trans>none: people will have to guess</Trans>
  const parts = [
    draft.instructions.trim() && <Trans key="text">a text</Trans>,
    n > 0 && <Plural key="sections" value={n} one="# section" other="# sections" />,
    nExamples > 0 && <Plural key="examples" value={nExamples} one="# example" other="# examples" />,
  ].filter(Boolean)
  return parts.map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: at most three, always in this order
    <Fragment key={place}>
      {place > 0 && ', '}
      {part}
    </Fragment>
  ))
}

function Target({ draft }: Pick<Props, 'draft'>) {
  const format = useFormat()
  const { error, confidence, budget } = draft.target
  const limit = budgetOf(budget)
  const [most, surely] = [format.percent(error), format.confidence(confidence ?? USUAL.confidence)]
  const amount = limit?.max_cost ? money(limit.max_cost, budget.currency) : ''
  return (
    <>
      <Trans>
        error at most {most} with {surely} confidence
      </Trans>
      {'; '}
      {amount ? (
        <Trans>budget {amount}</Trans>
      ) : limit?.max_answers ? (
        <Plural value={limit.max_answers} one="budget # answer" other="budget # answers" />
      ) : (
        <Trans>no budget</Trans>
      )}
    </>
  )
}
