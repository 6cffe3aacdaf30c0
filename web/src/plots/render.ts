import * as vega from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'
import { numberLocale } from './locale'
import { plotTheme } from './theme'

/**
 * Draw a plot as SVG. The expression interpreter stands in for compiled functions, which the content security policy
 * (no `unsafe-eval`) refuses.
 */
export async function render(
  spec: TopLevelSpec,
  element: HTMLElement,
  isDark: boolean,
  language: string,
  onMark?: (datum: Record<string, unknown>) => void,
): Promise<() => void> {
  const config = { ...plotTheme(isDark), locale: { number: numberLocale(language) } }
  const compiled = compile(spec, { config }).spec
  const runtime = vega.parse(compiled, undefined, { ast: true })
  const view = new vega.View(runtime, { renderer: 'svg', container: element, expr: expressionInterpreter, hover: true })
  if (onMark) view.addEventListener('click', (_event, item) => item?.datum && onMark(item.datum))
  await view.runAsync()
  return () => view.finalize()
}
