import { present } from '../../contracts/assert.ts'
import type { LockId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { LockWord } from './core/lock-shadow.ts'
import { madeAtMs, type RecordClocks, uptimeZeroAt } from './core/made-at.ts'
import { type FirstWord, fixBoots } from './ingest-store.ts'

interface HeardWord {
  readonly lockId: LockId
  readonly word: LockWord
  readonly receivedAtMs: EpochMs
}

/** City time at which a record of a boot was made. */
export type TimeOf = (lockId: LockId, bootId: number, clocks: RecordClocks) => EpochMs

/** Boots kept in memory; all are forgotten beyond it and read again when they are needed. */
const maxKnownBoots = 50_000

/** When each boot began, fixed in the database by its first word and remembered here. */
export function createBootTimes(db: Queryable): { of(words: readonly HeardWord[]): Promise<TimeOf> } {
  let zeros = new Map<string, EpochMs>()
  return {
    of: async (words) => {
      if (zeros.size > maxKnownBoots) zeros = new Map()
      const unknown = new Map<string, FirstWord>()
      for (const heard of words) {
        const key = keyOf(heard.lockId, heard.word.body.b)
        if (!zeros.has(key)) unknown.set(key, closer(unknown.get(key), firstWord(heard)))
      }
      if (unknown.size > 0) {
        for (const fixed of await fixBoots(db, [...unknown.values()])) {
          zeros.set(keyOf(fixed.lockId, fixed.bootId), fixed.uptimeZeroAtMs)
        }
      }
      return (lockId, bootId, clocks) =>
        madeAtMs(clocks, present(zeros.get(keyOf(lockId, bootId)), 'every boot of the batch is known'))
    },
  }
}

const keyOf = (lockId: LockId, bootId: number) => `${lockId}/${bootId}`

/** The newest record of a message is the one that waited least. */
function firstWord({ lockId, word, receivedAtMs }: HeardWord): FirstWord {
  const uptime = word.kind === 'tel' ? Math.max(...word.body.r.map((record) => record.u)) : word.body.u
  return { lockId, bootId: word.body.b, uptimeZeroAtMs: uptimeZeroAt(uptime, receivedAtMs), heardAtMs: receivedAtMs }
}

/** Nothing is heard before it is said, so the earliest start is nearest to the truth. */
function closer(known: FirstWord | undefined, other: FirstWord): FirstWord {
  return known !== undefined && known.uptimeZeroAtMs <= other.uptimeZeroAtMs ? known : other
}
