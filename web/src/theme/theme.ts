import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core'

/** The one accent. Everything else is grey, a class or a state. */
const gold: MantineColorsTuple = [
  '#fbf6e6',
  '#f3e8c4',
  '#e8d596',
  '#dcc066',
  '#d3ae42',
  '#c0962a',
  '#a07c1f',
  '#80621a',
  '#664e14',
  '#4b390e',
]

/** Warm greys for dark mode: 0 is text, 7 the page. */
const dark: MantineColorsTuple = [
  '#e6e5e2',
  '#c9c7c2',
  '#a5a39d',
  '#7d7b76',
  '#4e4d4a',
  '#3a3937',
  '#2b2a29',
  '#201f1e',
  '#191818',
  '#121211',
]

const gray: MantineColorsTuple = [
  '#f8f7f5',
  '#f1f0ed',
  '#e6e4e0',
  '#d6d4cf',
  '#bebbb5',
  '#9c9993',
  '#706e69',
  '#52504c',
  '#393835',
  '#242321',
]

const SYSTEM = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif'

export const theme = createTheme({
  colors: { gold, dark, gray },
  primaryColor: 'gold',
  primaryShade: { light: 7, dark: 4 },
  // On the light gold of dark mode white could not be read.
  variantColorResolver: (input) => {
    const usual = defaultVariantColorsResolver(input)
    const isAccent = input.variant === 'filled' && (!input.color || input.color === 'gold')
    return isAccent ? { ...usual, color: 'light-dark(#ffffff, #191818)' } : usual
  },
  black: '#242321',
  fontFamily: SYSTEM,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: SYSTEM, fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 320, openDelay: 250 } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Skeleton: { defaultProps: { radius: 'sm' } },
    // A part that scrolls must scroll by the keyboard as well.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
  },
})
