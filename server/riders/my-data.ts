import { join } from 'node:path'
import type { OneOffHandler } from '../platform/queue.ts'
import { type DataExports, openDataExports } from './data-exports.ts'
import { erasureLedgerIn } from './erasure-ledger.ts'
import { createErasures, type ErasureDeps, type Erasures } from './erasures.ts'

/** A rider's own data: a copy of it, and its end. */
export interface MyData {
  readonly exports: DataExports
  readonly erasures: Erasures
  /** Runs one job of either kind: `export-<id>`, `erasure-<id>`. */
  readonly work: OneOffHandler
  /** Where jobs go from now on; before that they only wait in the database. */
  handOverTo(add: (key: string) => Promise<void>): void
  /** Asks again for what was asked for so long ago and is not done: after a restart all, later what was given up. */
  look(agoMs: number): Promise<void>
}

const exportKey = 'export-'
const erasureKey = 'erasure-'

export async function openMyData(
  deps: Omit<ErasureDeps, 'ledger' | 'enqueue'> & { readonly dataDir: string; readonly masterKey: Uint8Array },
): Promise<MyData> {
  let add: (key: string) => Promise<void> = async () => undefined
  const exports = await openDataExports({
    ...deps,
    folder: join(deps.dataDir, 'exports'),
    enqueue: (exportId) => add(`${exportKey}${exportId}`),
  })
  const erasures = createErasures({
    ...deps,
    rooms: [...deps.rooms, exports.personalData],
    ledger: erasureLedgerIn(deps.dataDir, deps.masterKey),
    enqueue: (erasureId) => add(`${erasureKey}${erasureId}`),
  })
  return {
    exports,
    erasures,
    work: (key, { isLast }) =>
      key.startsWith(exportKey)
        ? exports.make(key.slice(exportKey.length), isLast)
        : erasures.finish(key.slice(erasureKey.length)),
    handOverTo: (to) => {
      add = to
    },
    look: async (agoMs) => {
      for (const exportId of await exports.asked(agoMs)) await add(`${exportKey}${exportId}`)
      for (const erasureId of await erasures.asked(agoMs)) await add(`${erasureKey}${erasureId}`)
      await exports.forget()
    },
  }
}
