import { createHash, randomBytes } from 'node:crypto'
import { access, chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queryable } from './database.ts'

/** Master keys, made at the first start and never logged: folder 0700, files 0600. */
export interface Secrets {
  /** Locks' passwords and command keys. */
  readonly lockMaster: Uint8Array
  /** Riders' addresses and one-time codes. */
  readonly riderMaster: Uint8Array
  /** Opens the provisioning routes; read by `npm run provision` and `npm run lock`. */
  readonly factoryToken: string
}

const keyBytes = 32

/**
 * Ties the keys to the database: with others every lock and every rider would be locked out, silently.
 * @throws with a sentence when the database was begun with other keys
 */
export async function checkSecretsFit(db: Queryable, secrets: Secrets): Promise<void> {
  const digest = createHash('sha256').update(secrets.lockMaster).update(secrets.riderMaster).digest()
  await db.query('INSERT INTO key_fingerprint (only_row, digest) VALUES (true, $1) ON CONFLICT DO NOTHING', [digest])
  const { rows } = await db.query<{ digest: Uint8Array }>('SELECT digest FROM key_fingerprint')
  if (rows[0] && digest.equals(rows[0].digest)) return
  throw new Error(
    'The keys in DATA_DIR/secrets are not those that this database was begun with: put back that folder, or choose the DATA_DIR that belongs to this DATABASE_URL.',
  )
}

/** Reads the keys in `DATA_DIR/secrets`, makes those that are missing. */
export async function openSecrets(dataDir: string): Promise<Secrets> {
  const folder = join(dataDir, 'secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const [lockMaster, riderMaster, factory] = await Promise.all(
    ['lock-master.key', 'rider-master.key', 'factory-token'].map((name) => keyIn(join(folder, name))),
  )
  if (!lockMaster || !riderMaster || !factory) throw new Error(`The keys in ${folder} could not be read.`)
  return { lockMaster, riderMaster, factoryToken: factory.toString('base64url') }
}

async function keyIn(file: string): Promise<Buffer> {
  const draft = `${file}.${process.pid}`
  try {
    await access(file)
  } catch {
    // Whole or not at all, and never over one that is there: a link fails when the name is taken.
    await writeFile(draft, randomBytes(keyBytes).toString('base64url'), { mode: 0o600, flush: true })
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    await unlink(draft)
  }
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url')
  if (key.length !== keyBytes) throw new Error(`${file} is damaged: put back the file from your backup.`)
  return key
}
