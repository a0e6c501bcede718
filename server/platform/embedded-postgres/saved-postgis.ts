import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPglite } from './open-pglite.ts'

/** Things that are made once and may be deleted at any time; outside git. */
export const cacheFolder = fileURLToPath(new URL('../../../.cache/', import.meta.url))

/** Changes with every release of the embedded database or of its PostGIS: a saved folder fits only what wrote it. */
export const pgliteVersion = ['@electric-sql/pglite', '@electric-sql/pglite-postgis'].map(versionOf).join('-')

/**
 * A saved data folder with PostGIS created and nothing else, made on first use. Creating PostGIS takes some 5–20 s,
 * loading this takes 1–4 s.
 *
 * @param onSlowStep told before the first, slow making
 */
export async function savedPostgis(onSlowStep: (sentence: string) => void, folder = cacheFolder): Promise<Blob> {
  return savedDataDir(join(folder, `postgis-${pgliteVersion}.tar.gz`), async () => {
    onSlowStep('creating the database with PostGIS for the first time, this takes 10 to 20 seconds')
    const db = await openPglite({})
    try {
      await db.exec('CREATE EXTENSION postgis; CHECKPOINT')
      return await db.dumpDataDir('gzip')
    } finally {
      await db.close()
    }
  })
}

/**
 * The file at `path`, made by `make` when it is missing. Two processes may make it at the same time: each writes a file
 * of its own and renames it, so a reader finds a whole one or none.
 */
export async function savedDataDir(path: string, make: () => Promise<Blob>): Promise<Blob> {
  const saved = await readIfThere(path)
  if (saved !== undefined) return saved
  const made = await make()
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, made.stream())
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
  return made
}

async function readIfThere(path: string): Promise<Blob | undefined> {
  try {
    return new Blob([await readFile(path)])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function versionOf(packageName: string): string {
  const entry = createRequire(import.meta.url).resolve(packageName)
  const manifest: { version: string } = createRequire(import.meta.url)(join(dirname(entry), '../package.json'))
  return manifest.version
}
