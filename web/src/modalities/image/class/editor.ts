import { classHand } from '../../classKind'
import type { Editor } from '../../kind'
import { ImageView } from '../ImageView'
import { imageClass } from './class'

export const imageClassEditor: Editor = { kind: imageClass, View: ImageView, ...classHand(imageClass) }
