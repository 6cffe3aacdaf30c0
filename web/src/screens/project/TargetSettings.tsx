import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../api/client'
import { useChangeProject, useOverviewOnce } from '../../api/projects'
import type { Fault, Project } from '../../api/types'
import { useFormat } from '../../i18n/format'
import { money } from '../../i18n/money'
import { editorOf } from '../../modalities'
import { ProblemNote } from '../common/Note'
import { Panel } from '../common/Panel'
import { BudgetFields } from '../setup/BudgetFields'
import { ForecastPanel } from '../setup/ForecastPanel'
import { fault, inBody, isOmission } from '../setup/faults'
import { NewerNote } from '../setup/NewerNote'
import { TargetFields } from '../setup/TargetFields'
import { changesOf, draftOf, targetOf } from '../setup/target'
import { useDraft } from '../setup/useDraft'
import { useTargetFaults } from '../setup/words'

type Props = { project: Project; mayManage: boolean }

/** What the labels must hold and may cost, as far as it can still be changed. */
export function TargetSettings({ project, mayManage }: Props) {
  return (
    <Panel>
      <Stack>
        <Title order={2} size="h5">
          <Trans>Target and budget</Trans>
        </Title>
        {mayManage ? <Form key={project.id} project={project} /> : <Read project={project} />}
      </Stack>
    </Panel>
  )
}

function Read({ project }: Pick<Props, 'project'>) {
  const format = useFormat()
  const { error, confidence, overlap, max_answers, budget } = project.target
  const [most, surely] = [format.percent(error), format.confidence(confidence)]
  const amount = budget?.max_cost && budget.currency ? money(budget.max_cost, budget.currency) : ''
  return (
    <Text size="sm">
      <Trans>
        Error at most {most} with {surely} confidence.
      </Trans>{' '}
      {overlap === null ? (
        <Trans>As few answers as it takes, at most {max_answers} for an asset.</Trans>
      ) : (
        <Plural
          value={overlap}
          _0="A model marks every asset; nobody is asked."
          one="# answer for each asset."
          other="# answers for each asset."
        />
      )}{' '}
      {amount && <Trans>The budget is {amount}.</Trans>}{' '}
      {budget?.max_answers && (
        <Plural value={budget.max_answers} one="The budget is # answer." other="The budget is # answers." />
      )}
    </Text>
  )
}

function Form({ project }: Pick<Props, 'project'>) {
  const { t } = useLingui()
  const change = useChangeProject(project.id)
  const ofObjects = editorOf(project.ontology.kind).answers === 'objects'
  const overview = useOverviewOnce(project.id).data
  const draft = useDraft({
    newest: project.target,
    idOf: (target) => JSON.stringify(target),
    draftOf: (target) => draftOf(target, ofObjects),
    isChanged: (target, base) => JSON.stringify(target) !== JSON.stringify(draftOf(base, ofObjects)),
  })
  const target = draft.draft
  const [isTried, setTried] = useState(false)
  const found = useTargetFaults(target)
  const faults = [...found.filter((each) => isTried || !isOmission(each)), ...useRefused(change.error)]
  const changes = found.length ? null : changesOf(draft.base, targetOf(target))
  const isChanged = found.length > 0 || changes !== null
  // The server decides; this only says beforehand what it would refuse.
  const isPromised = ['checking', 'certified'].includes(project.phase) || (overview?.error.n_checked ?? 0) > 0
  const isAnswered = isPromised || (overview?.answers.human ?? 0) > 0
  const edit = (next: typeof target) => {
    draft.edit(next)
    change.reset()
  }
  const drop = () => {
    draft.take()
    setTried(false)
    change.reset()
  }
  return (
    <>
      {draft.isBehind && !change.isPending && (
        <NewerNote take={drop}>
          <Read project={project} />
        </NewerNote>
      )}
      <TargetFields
        target={target}
        change={edit}
        ofObjects={ofObjects}
        faults={faults}
        isPromised={isPromised}
        isAnswered={isAnswered}
      />
      <BudgetFields budget={target.budget} change={(budget) => edit({ ...target, budget })} faults={faults} />
      <ForecastPanel target={target} nAssets={project.n_tasks} ofObjects={ofObjects} />
      {change.isError && <ProblemNote what={t`The target was not saved`} cause={change.error} />}
      <Group>
        <Button
          disabled={!isChanged}
          loading={change.isPending}
          onClick={() => {
            setTried(true)
            if (!changes) return
            const onSuccess = (saved: Project) => {
              setTried(false)
              draft.saved(JSON.stringify(saved.target), target)
            }
            change.mutate({ target: changes }, { onSuccess })
          }}
        >
          <Trans>Save the target</Trans>
        </Button>
        <Button variant="default" disabled={!isChanged} onClick={drop}>
          <Trans>Discard the changes</Trans>
        </Button>
      </Group>
    </>
  )
}

/** A refusal at the fields that it is about: those that it names, or those whose time is over. */
function useRefused(cause: unknown): Fault[] {
  const { t } = useLingui()
  if (!(cause instanceof Problem)) return []
  const tooLate = (field: string) => fault(`target.${field}`, cause.code, t`It is too late to change this.`)
  if (cause.code === 'project.overlap_fixed') return [tooLate('overlap')]
  const fields = Array.isArray(cause.data.fields) ? cause.data.fields.map(String) : []
  if (cause.code === 'project.target_fixed') return fields.map(tooLate)
  return inBody(cause.faults)
}
