import type { KindName } from '../api/types'
import { imageBoxEditor } from './image/box/editor'
import { imageClassEditor } from './image/class/editor'
import type { Editor } from './kind'
import { textClassEditor } from './text/class/editor'

/** Every kind that can be worked with in this app. One line each. */
export const EDITORS: readonly Editor[] = [imageClassEditor, imageBoxEditor, textClassEditor]

export function editorOf(kind: KindName): Editor {
  const editor = EDITORS.find((each) => each.kind.name === kind)
  if (!editor) throw new Error(`No editor for annotations of kind ${kind}.`)
  return editor
}
