import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useCreateProject } from '../../api/projects'
import { useDataset } from '../../api/queries'
import type { Fault } from '../../api/types'
import { EDITORS } from '../../modalities'
import { fault, isOmission } from '../setup/faults'
import { forAnswers } from '../setup/target'
import { useExamples, useSectionFaults } from '../setup/useExamples'
import { usePilotFaults, useTargetFaults } from '../setup/words'
import { useAttributeFaults } from './AttributesEditor'
import { useClassFaults } from './ClassesStep'
import { bodyOf, type Draft, pilotDraftOf } from './draft'
import { faultsOfStep, refusedFaults, refusedStep } from './steps'
import { useDraft } from './useDraft'

export const N_STEPS = 5
const LAST = N_STEPS - 1

/** The project that is being set up, what is wrong with it and where, and the ways through its steps. */
export function useWizard() {
  const navigate = useNavigate()
  const kept = useDraft()
  const create = useCreateProject()
  const data = useDataset(kept.draft.dataset)
  const dataset = data.data ?? null
  const editors = EDITORS.filter((editor) => editor.kind.modality === dataset?.modality)
  const editor = editors.find((each) => each.kind.name === kept.draft.kind) ?? editors[0]
  const ofObjects = editor?.answers === 'objects'
  const draft: Draft = { ...kept.draft, target: forAnswers(kept.draft.target, ofObjects) }
  const nAssets = dataset?.n_assets ?? 0
  const examples = useExamples(draft.dataset, draft.sections)
  const [tried, setTried] = useState<ReadonlySet<number>>(new Set())
  const [refused, setRefused] = useState<readonly Fault[]>([])
  const { asked, askForFocus } = useAsked()
  const own = [
    ...useDataFaults(draft, dataset, data.isError),
    ...useClassFaults(draft.classes, ofObjects ? 1 : 2),
    ...useAttributeFaults(ofObjects ? draft.attributes : [], draft.classes),
    ...useSectionFaults(draft.sections, draft.classes, examples.isThere),
    ...useTargetFaults(draft.target),
    ...usePilotFaults(pilotDraftOf(draft, nAssets), nAssets, draft.target),
  ]
  const shown = (step: number): Fault[] => [
    ...faultsOfStep(own, step).filter((each) => tried.has(step) || !isOmission(each)),
    ...faultsOfStep(refused, step),
  ]
  // biome-ignore lint/correctness/useExhaustiveDependencies: proposed once for each dataset, and not again when it was cleared
  useEffect(() => {
    if (dataset && !kept.draft.name) kept.set({ name: dataset.name })
  }, [dataset?.id])

  /** What was refused may be right now: the server will say so. */
  const edit = (part: Partial<Draft>) => {
    setRefused([])
    create.reset()
    kept.set(part)
  }
  const go = (step: number) => kept.set({ step, reached: Math.max(draft.reached, step) })
  const stopAt = (step: number) => {
    setTried((before) => new Set([...before, step]))
    if (step !== draft.step) go(step)
    askForFocus()
  }
  const next = async () => {
    // An import may have ended a moment ago.
    const mayHaveEnded = draft.step === 0 && draft.dataset !== null && nAssets === 0
    const isRead = nAssets > 0 || (mayHaveEnded && Boolean((await data.refetch()).data?.n_assets))
    const left = faultsOfStep(own, draft.step).filter(({ code }) => !(isRead && code === 'dataset.empty'))
    if (left.length) stopAt(draft.step)
    else go(draft.step + 1)
  }
  const finish = () => {
    const faulty = Array.from({ length: N_STEPS }, (_, step) => step).find((step) => faultsOfStep(own, step).length)
    if (faulty !== undefined || !dataset || !editor) {
      stopAt(faulty ?? 0)
      return
    }
    const { body, places } = bodyOf(draft, dataset, editor)
    create.mutate(body, {
      onSuccess: (project) => {
        kept.forget()
        void navigate(`/projects/${project.id}`)
      },
      onError: (cause) => {
        const found = refusedFaults(cause, places)
        setRefused(found)
        stopAt(refusedStep(cause, found) ?? LAST)
      },
    })
  }
  const startOver = () => {
    kept.forget()
    setTried(new Set())
    setRefused([])
    create.reset()
  }
  return {
    ...{ draft, dataset, editors, editor, ofObjects, nAssets, examples, isKept: kept.isKept },
    ...{ shown, edit, go, next, finish, create, asked, startOver, putBack: kept.setDraft },
  }
}

export type Wizard = ReturnType<typeof useWizard>

/** Counts how often the first fault was to get the focus. */
function useAsked() {
  const [asked, setAsked] = useState(0)
  return { asked, askForFocus: () => setAsked((before) => before + 1) }
}

function useDataFaults({ dataset: id, name }: Draft, dataset: Wizard['dataset'] | undefined, isGone: boolean): Fault[] {
  const { t } = useLingui()
  const nameless = name.trim() ? [] : [fault('name', 'name.empty', t`A project needs a name.`)]
  if (id === null)
    return [...nameless, fault('dataset_id', 'dataset.missing', t`Upload data or choose a dataset first.`)]
  if (isGone)
    return [...nameless, fault('dataset_id', 'dataset.gone', t`This dataset can no longer be read. Choose another.`)]
  if (dataset && !dataset.n_assets) {
    return [
      ...nameless,
      fault(
        'dataset_id',
        'dataset.empty',
        t`Nothing of it has been read yet. It goes on as soon as there is an asset.`,
      ),
    ]
  }
  return nameless
}

/** Brings the first fault under the hand when it was asked for, and the beginning of a step that was come to. */
export function useStepFocus(step: number, asked: number) {
  const panel = useRef<HTMLDivElement>(null)
  const last = useRef({ step, asked })
  useEffect(() => {
    const before = last.current
    last.current = { step, asked }
    const place = panel.current
    if (!place) return
    if (asked !== before.asked) {
      const first = place.querySelector<HTMLElement>('[aria-invalid="true"]')
      first?.focus()
      const told = first ?? place.querySelector<HTMLElement>('[role="alert"]')
      told?.scrollIntoView?.({ block: 'center' })
    } else if (step !== before.step && !place.contains(document.activeElement)) {
      place.focus({ preventScroll: true })
      window.scrollTo?.(0, 0)
    }
  }, [step, asked])
  return panel
}
