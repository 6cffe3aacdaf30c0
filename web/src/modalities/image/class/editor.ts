import { msg } from '@lingui/core/macro'
import { classHand } from '../../classKind'
import type { ClassEditor } from '../../kind'
import { ImageView } from '../ImageView'
import { imageClass } from './class'

export const imageClassEditor: ClassEditor = {
  answers: 'class',
  title: msg`One class for the whole image`,
  hint: msg`What is this a picture of?`,
  kind: imageClass,
  View: ImageView,
  ...classHand(imageClass),
}
