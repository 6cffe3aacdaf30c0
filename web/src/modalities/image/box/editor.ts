import { msg } from '@lingui/core/macro'
import { moved, wayWithin } from '../../../geometry/boxes'
import type { Kind } from '../../kind'
import type { ObjectEditor, ObjectPayload } from '../../objects/types'
import { ImageView } from '../ImageView'
import { BoxView } from './BoxView'
import { type BoxPayload, imageBox } from './box'

const asBox = (payload: ObjectPayload) => payload as BoxPayload

export const imageBoxEditor: ObjectEditor = {
  answers: 'objects',
  kind: imageBox as unknown as Kind<ObjectPayload>,
  title: msg`Boxes around things`,
  hint: msg`Where in the image is what?`,
  View: ImageView,
  Bench: BoxView,
  bounds: asBox,
  translated(payloads, by, { media }) {
    const boxes = payloads.map(asBox)
    const image = { width: media.width ?? Number.MAX_VALUE, height: media.height ?? Number.MAX_VALUE }
    const way = wayWithin(boxes, by, image)
    return boxes.map((box) => moved(box, way))
  },
  size: (payload) => `${Math.round(asBox(payload).width)} × ${Math.round(asBox(payload).height)}`,
}
