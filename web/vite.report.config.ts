import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { linguiMacros } from './build/macros.ts'
import { oneScript } from './build/oneScript.ts'

/** The report of a run: one self-contained script, because the page must open from a disk without a server. */
export default defineConfig({
  plugins: [linguiMacros(), react(), oneScript()],
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: '../src/karat/static',
    emptyOutDir: false,
    target: 'es2022',
    // Browsers that know light-dark(); for older ones it would be rewritten into something that Mantine's scheme does not switch.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 2000,
    lib: { entry: 'src/report/main.tsx', formats: ['iife'], name: 'KaratReport', fileName: () => 'report.js' },
  },
})
