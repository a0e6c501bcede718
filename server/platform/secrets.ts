import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

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
  try {
    // 'wx' fails when the file is there: a key is never overwritten.
    await writeFile(file, randomBytes(keyBytes).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url')
  if (key.length !== keyBytes) throw new Error(`${file} is damaged: put back the file from your backup.`)
  return key
}
