import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { linguiMacros } from '../../build/macros.ts'
import { FakeServer } from './fakeServer.ts'

/** The screens with the server in memory: `npx vite --config src/test/vite.fake.config.ts`. KARAT_FAKE holds its options as JSON. */
function fakeServer(): Plugin {
  const server = new FakeServer(JSON.parse(process.env.KARAT_FAKE ?? '{}'))
  return {
    name: 'karat-fake-server',
    configureServer(vite) {
      vite.middlewares.use((request, response, next) => {
        const url = request.url ?? ''
        if (url.startsWith('/media/')) {
          response.setHeader('Content-Type', 'image/svg+xml')
          response.end(
            `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28"/><text x="8" y="22" font-size="20" fill="#fff">${Number.parseInt(url.slice(7), 10) % 10}</text></svg>`,
          )
          return
        }
        if (url.endsWith('/events')) {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' })
          response.write(': here\n\n')
          return
        }
        if (!url.startsWith('/api/')) {
          next()
          return
        }
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          let body: unknown
          try {
            body = JSON.parse(Buffer.concat(chunks).toString() || 'null')
          } catch {
            body = null
          }
          const answer = server.handle(request.method ?? 'GET', url.slice(4), body)
          response.writeHead(answer.status || 503, { 'Content-Type': 'application/json' })
          response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
        })
      })
    },
  }
}

export default defineConfig({ root: `${import.meta.dirname}/../..`, plugins: [fakeServer(), linguiMacros(), react()] })
