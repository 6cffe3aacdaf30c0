import { msg } from '@lingui/core/macro'
import { classHand } from '../../classKind'
import type { ClassEditor } from '../../kind'
import { TextView } from '../TextView'
import { textClass } from './class'

export const textClassEditor: ClassEditor = {
  answers: 'class',
  title: msg`One class for the whole text`,
  hint: msg`What is this text about?`,
  kind: textClass,
  View: TextView,
  ...classHand(textClass),
}
