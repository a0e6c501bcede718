import { PGlite } from '@electric-sql/pglite'
import { postgis } from '@electric-sql/pglite-postgis'

/** BullMQ's tables live in a schema of their own and are found through the path; the session is everybody's. */
const searchPath = 'public, bullmq'

export interface PgliteSource {
  /** Folder of the database; without one it lives in memory. */
  readonly dataDir?: string
  /** A saved data folder to begin with (tar, plain or gzip). */
  readonly savedDataDir?: Blob
}

/** PostgreSQL compiled to WebAssembly, with PostGIS on board (not yet created in the database), about 0.5 GB of memory. */
export async function openPglite(source: PgliteSource): Promise<PGlite> {
  const { dataDir, savedDataDir } = source
  const db = await PGlite.create({
    extensions: { postgis },
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(savedDataDir === undefined ? {} : { loadDataDir: savedDataDir }),
  })
  await db.exec(`SET search_path TO ${searchPath}; SET TimeZone TO 'UTC'`)
  return db
}
