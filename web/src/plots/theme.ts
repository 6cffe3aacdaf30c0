import type { Config } from 'vega-lite'

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'

/** The one look of all plots, on screens and in reports. */
export function plotTheme(isDark: boolean): Config {
  const { ink, quiet, line, accent } = isDark
    ? { ink: '#e6e5e2', quiet: '#a5a39d', line: '#3a3937', accent: '#d3ae42' }
    : { ink: '#242321', quiet: '#65635e', line: '#e6e4e0', accent: '#80621a' }
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
    range: {
      category: isDark ? ['#d3ae42', '#7fa8d4', '#e0866a', '#6f6d68'] : ['#80621a', '#4478ab', '#c2543a', '#b5b2ac'],
    },
  }
}
