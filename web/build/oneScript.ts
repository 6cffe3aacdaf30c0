import type { Plugin } from 'vite'

/** Puts the styles of a bundle into its script, and makes it safe to stand inside a `<script>` element. */
export function oneScript(): Plugin {
  return {
    name: 'karat-one-script',
    enforce: 'post',
    generateBundle(_options, bundle) {
      let styles = ''
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type !== 'asset' || !name.endsWith('.css')) continue
        styles += String(file.source)
        delete bundle[name]
      }
      const addStyles = `document.head.appendChild(document.createElement("style")).textContent=${JSON.stringify(styles)};\n`
      for (const file of Object.values(bundle)) {
        // An HTML parser would end the element at the first of these, whatever the script means by it.
        if (file.type === 'chunk') file.code = (addStyles + file.code).replaceAll(/<(\/script|!--)/gi, '\\x3c$1')
      }
    },
  }
}
