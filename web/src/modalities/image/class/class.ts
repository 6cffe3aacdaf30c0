import { classKind } from '../../classKind'

/** One class for a whole image. */
export const imageClass = classKind('image.class', 'image')
