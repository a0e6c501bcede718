import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plants } from './plants.ts'

const root = resolve(import.meta.dirname, '../..')
const biome = join(root, 'node_modules/.bin/biome')
const reportMaxBytes = 64 * 1024 * 1024
const run = promisify(execFile)

const deniedGlobals = ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'process', 'performance']
  .concat('crypto', 'fetch', 'Buffer')
  .flatMap((name) => [
    { name, path: `server/trips/core/global-${name.toLowerCase()}.ts` },
    { name, path: `lock-simulator/firmware/global-${name.toLowerCase()}.ts` },
  ])

/** Rooms under a wall, and shells that may reach everything. */
const walled = ['contracts', 'server', 'lock-simulator', 'payment-sandbox', 'demo-city', 'ui-kit'].concat(
  'rider-app',
  'ops-dashboard',
  'crew-app',
)
const shells = ['scripts', 'test', 'bench', 'migrations']
const notCode = ['node_modules', 'data', 'dist', 'docs']

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[]
}

let folder: string
let report: Report

/** Plants of one path become files of their own, so that each import is judged apart: `a.ts` → `a-3.ts`. */
const planted = plants.map((plant, index) => ({
  ...plant,
  file: plant.path.replace(/(\.test)?\.(tsx?)$/, `-${index}$1.$2`),
}))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** Biome ends with 1 when it finds something and still prints its report. */
async function lint(): Promise<Report> {
  const args = ['lint', '--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals']
  const options = { cwd: folder, maxBuffer: reportMaxBytes }
  const command = run(biome, [...args, '--reporter=json', '--max-diagnostics=none', '.'], options)
  const { stdout } = await command.catch((failure: { readonly stdout: string }) => failure)
  return JSON.parse(stdout) as Report
}

const caught = (path: string, rule: string) =>
  report.diagnostics.some((found) => found.category === `lint/style/${rule}` && found.location.path === path)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zwerm-walls-'))
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))
  for (const { file, imports } of planted) write(file, `import { x } from '${imports}'\n\nexport const y = x\n`)
  for (const { name, path } of deniedGlobals) write(path, `export const y = ${name}\n`)
  report = await lint()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a breach of a wall is caught', () => {
  it.each(planted.filter((plant) => plant.breach))('$path importing $imports', ({ file }) => {
    expect(caught(file, 'noRestrictedImports')).toBe(true)
  })

  it.each(deniedGlobals)('pure code naming the global $name in $path', ({ path }) => {
    expect(caught(path, 'noRestrictedGlobals')).toBe(true)
  })
})

describe('a legal import passes', () => {
  it.each(planted.filter((plant) => !plant.breach))('$path importing $imports', ({ file }) => {
    expect(caught(file, 'noRestrictedImports')).toBe(false)
  })
})

it('every folder of the repository is a room with a wall or a known shell', () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
  expect(folders.filter((name) => ![...walled, ...shells, ...notCode].includes(name))).toEqual([])
})
