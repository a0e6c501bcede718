import { present } from '../../contracts/assert.ts'
import type { LockId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { type LockWord, newestUptime } from './core/lock-shadow.ts'
import { lateUptimeZero, madeAtMs, type RecordClocks, uptimeZeroAt } from './core/made-at.ts'
import { type FirstWord, fixBoots, neighboursOf } from './ingest-store.ts'

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

  function remember(fixed: readonly FirstWord[]): void {
    for (const boot of fixed) zeros.set(keyOf(boot.lockId, boot.bootId), boot.uptimeZeroAtMs)
  }

  return {
    of: async (words) => {
      if (zeros.size > maxKnownBoots) zeros = new Map()
      const unknown = byBoot(words.filter(({ lockId, word }) => !zeros.has(keyOf(lockId, word.body.b))))
      const live = unknown.filter((heard) => heard.some(({ word }) => !isReplayed(word)))
      if (live.length > 0) remember(await fixBoots(db, live.map(liveFirstWord)))
      // Second, for the boot that tells them is their neighbour.
      const late = unknown.filter((heard) => heard.every(({ word }) => isReplayed(word)))
      if (late.length > 0) remember(await fixBoots(db, await lateFirstWords(db, late)))
      return (lockId, bootId, clocks) =>
        madeAtMs(clocks, present(zeros.get(keyOf(lockId, bootId)), 'every boot of the batch is known'))
    },
  }
}

const keyOf = (lockId: LockId, bootId: number) => `${lockId}/${bootId}`

/** What one boot of one lock has said in this batch; never empty. */
type Words = readonly [HeardWord, ...HeardWord[]]

function byBoot(words: readonly HeardWord[]): readonly Words[] {
  const boots = new Map<string, [HeardWord, ...HeardWord[]]>()
  for (const heard of words) {
    const key = keyOf(heard.lockId, heard.word.body.b)
    const known = boots.get(key)
    if (known) known.push(heard)
    else boots.set(key, [heard])
  }
  return [...boots.values()]
}

/** Out of an outbox, and so of any age. */
const isReplayed = (word: LockWord): boolean => word.kind !== 'hello' && word.body.bf === 1

const clocksOf = (word: LockWord): readonly RecordClocks[] => (word.kind === 'tel' ? word.body.r : [word.body])

/** Nothing is heard before it is said, so the earliest start is nearest to the truth. */
function liveFirstWord(words: Words): FirstWord {
  const starts = words.map(({ word, receivedAtMs }) => uptimeZeroAt(newestUptime(word), receivedAtMs, clocksOf(word)))
  return { ...nameOf(words), uptimeZeroAtMs: starts.reduce((a, b) => (a <= b ? a : b)) }
}

async function lateFirstWords(db: Queryable, boots: readonly Words[]): Promise<readonly FirstWord[]> {
  const names = boots.map(nameOf)
  const neighbours = await neighboursOf(db, names)
  return boots.map((words, index) => {
    const clocks = words.flatMap(({ word }) => clocksOf(word))
    const newest = Math.max(...words.map(({ word }) => newestUptime(word)))
    const { receivedAtMs } = words[0]
    const between = present(neighbours[index], 'each boot has its row')
    return { ...nameOf(words), uptimeZeroAtMs: lateUptimeZero(clocks, newest, receivedAtMs, between) }
  })
}

const nameOf = ([{ lockId, word, receivedAtMs }]: Words) => ({
  lockId,
  bootId: word.body.b,
  heardAtMs: receivedAtMs,
})
