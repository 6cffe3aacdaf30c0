import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(js|css|html|svg)$/
/** What is smaller goes in one packet as it is. */
const LEAST_BYTES = 1000

const smallest = promisify(brotliCompress)
const small = promisify(gzip)

/** Lays what can be made smaller beside itself as `.br` and `.gz`: the server packs nothing while somebody waits. */
export function packed(): Plugin {
  let folder = ''
  return {
    name: 'karat-packed',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true })
      await Promise.all(names.filter((name) => TEXT.test(name)).map((name) => pack(join(folder, name))))
    },
  }
}

async function pack(path: string): Promise<void> {
  const content = await readFile(path)
  if (content.length < LEAST_BYTES) return
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  await Promise.all([
    smallest(content, { params }).then((bytes) => writeFile(`${path}.br`, bytes)),
    small(content, { level: constants.Z_BEST_COMPRESSION }).then((bytes) => writeFile(`${path}.gz`, bytes)),
  ])
}
