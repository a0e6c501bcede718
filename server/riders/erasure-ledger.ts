import { createHmac, hkdfSync } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RiderId } from '../../contracts/ids.ts'

/**
 * Who had themselves deleted, beside the database and not in it: a backup that is put back knows them again, this file
 * does not forget. One line each, a keyed hash of the rider's id and the moment; nobody can be found by it without the
 * key of DATA_DIR/secrets and the restored row itself.
 */
export interface ErasureLedger {
  hashOf(riderId: RiderId): Buffer
  /** On the disk when it resolves. Twice is the same as once. */
  write(hash: Buffer, atMs: number): Promise<void>
  /** All that were ever written, as hex. */
  read(): Promise<ReadonlySet<string>>
}

const hashHex = /^[0-9a-f]{64}(?= )/

export function erasureLedgerIn(dataDir: string, masterKey: Uint8Array): ErasureLedger {
  const path = join(dataDir, 'erasures.log')
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'erasure ledger', 32))
  return {
    hashOf: (riderId) => createHmac('sha256', key).update(riderId).digest(),
    write: async (hash, atMs) => {
      const file = await open(path, 'a', 0o600)
      try {
        await file.appendFile(`${hash.toString('hex')} ${new Date(atMs).toISOString()}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    read: async () => {
      const lines = (await textOf(path)).split('\n')
      return new Set(lines.flatMap((line) => hashHex.exec(line)?.[0] ?? []))
    },
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (fault) {
    // Nobody was ever deleted.
    if ((fault as { code?: string }).code === 'ENOENT') return ''
    throw fault
  }
}
