import type { Config } from 'vega-lite'

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'

/** The one look of all plots, on screens and in reports. */
export function plotTheme(isDark: boolean): Config {
  const [ink, quiet, line, accent] = isDark
    ? ['#e6e5e2', '#a5a39d', '#3a3937', '#d3ae42']
    : ['#242321', '#65635e', '#e6e4e0', '#80621a']
  return {
    background: 'transparent',
    font: FONT,
    view: { stroke: null },
    axis: {
      labelColor: quiet,
      titleColor: quiet,
      titleFontWeight: 'normal',
      labelFontSize: 11,
      titleFontSize: 11,
      gridColor: line,
      domainColor: line,
      tickColor: line,
      tickCount: 5,
      titlePadding: 8,
    },
    legend: { labelColor: ink, titleColor: quiet, orient: 'top', labelFontSize: 11, title: null, symbolType: 'stroke' },
    mark: { color: accent },
    line: { strokeWidth: 2 },
    bar: { cornerRadiusEnd: 1 },
    rule: { color: quiet },
    text: { color: ink, fontSize: 11 },
    range: { category: [accent as string, isDark ? '#8fb3d9' : '#2f5f8f', isDark ? '#c7c5c0' : '#8a8781'] },
  }
}
