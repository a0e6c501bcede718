import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AppName } from '../vite.config.ts'
import { packAssets } from './pack-assets.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampPath = join(root, 'dist/apps.stamp')
const sources = [
  'scripts/pack-assets.ts',
  'ui-kit',
  'rider-app',
  'ops-dashboard',
  'crew-app',
  'contracts',
  'vite.config.ts',
  'scripts/slim-react.ts',
  'package-lock.json',
]

export interface BuiltApps {
  readonly folders: Readonly<Record<AppName, string>>
  readonly rebuilt: boolean
}

/**
 * Builds the web apps into `dist/rider`, `dist/ops` and `dist/crew`, once per state of the sources: a stamp holds their hash.
 * @param onProgress told one sentence per step
 * @throws when a source does not compile
 */
export async function buildApps(options: { readonly onProgress?: (line: string) => void } = {}): Promise<BuiltApps> {
  const folders = { rider: join(root, 'dist/rider'), ops: join(root, 'dist/ops'), crew: join(root, 'dist/crew') }
  const hash = await hashOfSources()
  const whole = Object.values(folders).every((folder) => existsSync(join(folder, 'index.html')))
  const stamp = existsSync(stampPath) ? await readFile(stampPath, 'utf8') : ''
  if (whole && stamp === hash) return { folders, rebuilt: false }
  await rm(stampPath, { force: true })
  // loaded only when there is something to build: a start that has nothing to build takes no second
  const [{ build }, { appConfig, appNames }] = await Promise.all([import('vite'), import('../vite.config.ts')])
  // a test runner says "test", and would get React's slow half and an app that takes itself for unfinished
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  try {
    for (const app of appNames) {
      options.onProgress?.(`building the ${app} app`)
      await build({ ...appConfig(app), configFile: false, logLevel: 'error' })
    }
    options.onProgress?.('packing what the browsers load')
    await packAssets(Object.values(folders))
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
  await mkdir(join(root, 'dist'), { recursive: true })
  await writeFile(stampPath, hash)
  return { folders, rebuilt: true }
}

async function hashOfSources(): Promise<string> {
  const paths = (await Promise.all(sources.map((name) => filesUnder(join(root, name))))).flat().sort()
  const hash = createHash('sha256')
  for (const path of paths) {
    hash.update(relative(root, path)).update('\0')
    hash.update(await readFile(path)).update('\0')
  }
  return hash.digest('hex')
}

async function filesUnder(path: string): Promise<readonly string[]> {
  if (!existsSync(path)) return []
  if (!path.endsWith('.ts') && !path.endsWith('.json')) {
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
  }
  return [path]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now()
  const { rebuilt } = await buildApps({ onProgress: (line) => console.log(line) })
  console.log(rebuilt ? `built in ${Math.round(performance.now() - startedAt)} ms` : 'the web apps are up to date')
}
