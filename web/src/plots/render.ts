import * as vega from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'
import { plotTheme } from './theme'

/**
 * Draw a plot as SVG. The expression interpreter stands in for compiled functions, which the content security policy
 * (no `unsafe-eval`) refuses.
 */
export async function render(
  spec: TopLevelSpec,
  element: HTMLElement,
  isDark: boolean,
  onMark?: (datum: Record<string, unknown>) => void,
): Promise<() => void> {
  const compiled = compile(spec, { config: plotTheme(isDark) }).spec
  const runtime = vega.parse(compiled, undefined, { ast: true })
  const view = new vega.View(runtime, { renderer: 'svg', container: element, expr: expressionInterpreter, hover: true })
  if (onMark) view.addEventListener('click', (_event, item) => item?.datum && onMark(item.datum))
  await view.runAsync()
  return () => view.finalize()
}
