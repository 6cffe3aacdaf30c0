import { classKind } from '../../classKind'

/** One class for a whole text. */
export const textClass = classKind('text.class', 'text')
