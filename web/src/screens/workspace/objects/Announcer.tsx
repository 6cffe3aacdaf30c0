import { useLingui } from '@lingui/react/macro'
import type { LabelClass } from '../../../api/types'
import type { ObjectPayload } from '../../../modalities/objects/types'
import type { Objects } from './useObjects'

/** Says what is selected to whoever does not see it. */
export function Announcer({ work, classes }: { work: Objects; classes: readonly LabelClass[] }) {
  return (
    <span className="visually-hidden" role="status">
      {useSentence(work, classes)}
    </span>
  )
}

function useSentence({ objects, session, document, proposals }: Objects, classes: readonly LabelClass[]): string {
  const { t } = useLingui()
  const { selection, gesture } = session
  if (gesture === 'crosshair') return t`Move the crosshair with the arrow keys; Enter sets the first corner.`
  if (gesture === 'crosshair-second') return t`First corner set. Enter sets the second.`
  const [first] = selection
  if (first === undefined) return ''
  const many = selection.length
  if (many > 1) return t`${many} objects selected`
  const titleOf = (name: string) => classes.find((each) => each.name === name)?.title || name
  const proposal = proposals.find(({ id }) => id === first)
  if (proposal) {
    const name = titleOf((proposal.annotation.payload as ObjectPayload).label_class)
    const score = proposal.score?.toFixed(2) ?? proposal.by ?? ''
    return t`Proposed: ${name}, ${score}`
  }
  const payload = document[first]?.payload as ObjectPayload | undefined
  if (!payload) return ''
  const place = Object.keys(document).indexOf(first) + 1
  const count = Object.keys(document).length
  const { x, y } = objects.editor.bounds(payload)
  const [across, down] = [Math.round(x), Math.round(y)]
  return t`${titleOf(payload.label_class)}, ${place} of ${count}, ${objects.editor.size(payload)} pixels at ${across}, ${down}`
}
