import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { linguiMacros } from './build/macros.ts'

/** The report of a run: one self-contained script, because the page must open from a disk without a server. */
export default defineConfig({
  plugins: [linguiMacros(), react()],
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: '../src/karat/static',
    emptyOutDir: false,
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    lib: { entry: 'src/report/main.tsx', formats: ['iife'], name: 'KaratReport', fileName: () => 'report.js' },
  },
})
