import { classHand } from '../../classKind'
import type { Editor } from '../../kind'
import { TextView } from '../TextView'
import { textClass } from './class'

export const textClassEditor: Editor = { kind: textClass, View: TextView, ...classHand(textClass) }
