import { access, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { openPglite } from './open-pglite.ts'
import { savedPostgis } from './saved-postgis.ts'

/**
 * The database in `folder`, made there on the first start. It is made beside its place and renamed, so a first start
 * that was killed half-way begins again instead of opening half a database. The caller holds the folder's lock.
 *
 * @param onSlowStep told before a step that takes seconds
 */
export async function openDataFolder(folder: string, onSlowStep: (sentence: string) => void): Promise<PGlite> {
  const place = join(folder, 'pgdata')
  if (!(await exists(join(place, 'PG_VERSION')))) await create(place, onSlowStep)
  onSlowStep('opening the database')
  return await openPglite({ dataDir: place })
}

async function create(place: string, onSlowStep: (sentence: string) => void): Promise<void> {
  const saved = await savedPostgis(onSlowStep)
  onSlowStep('unpacking a new database')
  const draft = `${place}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const db = await openPglite({ dataDir: draft, savedDataDir: saved })
  await db.close()
  await rename(draft, place)
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
