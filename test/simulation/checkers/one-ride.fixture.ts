import { asId, type LockId } from '../../../contracts/ids.ts'
import { createNotes } from '../world/notes.ts'
import { startMs } from '../world/open-world.ts'
import type { Evidence, ReportRow, TripRow } from './evidence.ts'

const lockId = asId<LockId>('lock-sim-1')
const tripId = 'the-ride'
const minuteMs = 60_000
const openedAtMs = startMs + 10 * minuteMs
export const closedAtMs = startMs + 20 * minuteMs

/**
 * All that a checker of bills needs of one ride whose bolt truly moved at `openedAtMs` and `closedAtMs`. `offMs`: how
 * wrong the lock's clock is when it opens, `fixAgeMs` after satellites; `endedAtMs`: billed until then; `isEndedByHand`:
 * the rider has said so, too.
 */
export function oneRide(
  given: {
    readonly offMs?: number
    readonly fixAgeMs?: number
    readonly endedAtMs?: number
    readonly isEndedByHand?: boolean
  } = {},
): Evidence {
  const { offMs = 0, fixAgeMs = 0, endedAtMs = closedAtMs, isEndedByHand = false } = given
  const notes = createNotes(() => undefined)
  const moved = { lockId, atMs: openedAtMs, cityMs: openedAtMs }
  notes.boltMoves.push({ ...moved, to: 'open' }, { lockId, to: 'closed', atMs: closedAtMs, cityMs: closedAtMs })
  if (isEndedByHand) notes.endedByHand.add(tripId)
  const billed = { started_at: openedAtMs + offMs, ended_at: endedAtMs, end_reason: 'lock' } as const
  const trip: TripRow = {
    ...{ trip_id: tripId, rider_id: 'r', lock_id: lockId, payment_id: 'p', state: 'charged', price: null },
    ...{ created_at: openedAtMs - minuteMs, ...billed },
  }
  const report = (sequence: number, to: 'unlocked' | 'locked', madeAtMs: number): ReportRow => ({
    ...{ lock_id: lockId, boot_id: 1, sequence, kind: 'evt', made_at: madeAtMs, received_at: madeAtMs },
    applied_at: madeAtMs,
    body: { k: 'bolt', to, tq: 3, t: madeAtMs, u: madeAtMs - startMs, fa: fixAgeMs },
  })
  return {
    notes,
    ...{ locks: [], trips: [trip], commands: [], payments: [], positions: new Map(), alarmed: new Set(), wishes: [] },
    reports: [report(1, 'unlocked', openedAtMs + offMs), report(2, 'locked', closedAtMs)],
    undone: { effects: 0, refunds: 0, messages: 0 },
    ledger: { sumMinor: 0, clearingMinor: 0, unbalanced: 0 },
  }
}
