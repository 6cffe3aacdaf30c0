import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { linguiMacros } from './build/macros.ts'
import { packed } from './build/packed.ts'

const server = process.env.KARAT_SERVER ?? 'http://127.0.0.1:8400'

export default defineConfig({
  plugins: [linguiMacros(), react(), packed()],
  build: {
    outDir: '../src/karat/static',
    emptyOutDir: true,
    target: 'es2022',
    // Browsers that know light-dark(); for older ones it would be rewritten into something that Mantine's scheme does not switch.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Vega is one lazy chunk of about this size; nothing else may come near it.
    chunkSizeWarningLimit: 900,
    // Inlined assets would be data: scripts or fonts, which the content security policy refuses.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(['/api', '/media', '/healthz'].map((path) => [path, { target: server }])),
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
  },
})
