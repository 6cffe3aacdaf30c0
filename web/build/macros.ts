import { transformAsync } from '@babel/core'
import type { Plugin } from 'vite'

const IMPORTS_A_MACRO = /from ['"]@lingui\/(core|react)\/macro['"]/

/**
 * Turns lingui's macros into plain calls and leaves everything else (types, JSX) to Vite.
 * Only files that import a macro pay for the Babel pass.
 */
export function linguiMacros(): Plugin {
  return {
    name: 'karat-lingui-macros',
    enforce: 'pre',
    async transform(code, id) {
      const file = id.split('?')[0] ?? id
      if (!/\.tsx?$/.test(file) || file.includes('node_modules') || !IMPORTS_A_MACRO.test(code)) return null
      const result = await transformAsync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: ['@lingui/babel-plugin-lingui-macro'],
      })
      return result?.code ? { code: result.code, map: result.map } : null
    },
  }
}
