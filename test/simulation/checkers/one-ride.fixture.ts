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
 * All that a checker of bills needs of one ride whose bolt truly opened at ten past and closed at `closedAtMs`. `offMs`:
 * how wrong its opening is dated, `fixAgeMs` after satellites or, `isUnset`, without a clock; `endedAtMs`: billed until
 * then; `isEndedByHand`: the rider has said so, too; `cityAheadMs`: how wrong the server's time is; `saidLateMs`: so long
 * after it the opening was seen, by a chip that began at `bootedAtMs`.
 */
export function oneRide(
  given: {
    readonly offMs?: number
    readonly fixAgeMs?: number
    readonly endedAtMs?: number
    readonly isEndedByHand?: boolean
    readonly isUnset?: boolean
    readonly cityAheadMs?: number
    readonly saidLateMs?: number
    readonly bootedAtMs?: number
  } = {},
): Evidence {
  const {
    offMs = 0,
    fixAgeMs = 0,
    endedAtMs = closedAtMs,
    isEndedByHand = false,
    isUnset = false,
    cityAheadMs = 0,
    saidLateMs = 0,
    bootedAtMs = startMs,
  } = given
  const saidAtMs = openedAtMs + saidLateMs
  const notes = createNotes(() => undefined)
  notes.cityAheadMs = cityAheadMs
  const moved = { lockId, atMs: openedAtMs, cityMs: openedAtMs }
  notes.boltMoves.push({ ...moved, to: 'open' }, { lockId, to: 'closed', atMs: closedAtMs, cityMs: closedAtMs })
  if (isEndedByHand) notes.endedByHand.add(tripId)
  const billed = { started_at: saidAtMs + offMs, ended_at: endedAtMs, end_reason: 'lock' } as const
  const trip: TripRow = {
    ...{ trip_id: tripId, rider_id: 'r', lock_id: lockId, payment_id: 'p', state: 'charged', price: null },
    ...{ created_at: openedAtMs - minuteMs, ...billed },
  }
  const report = (sequence: number, to: 'unlocked' | 'locked', madeAtMs: number, u: number, tq = 3): ReportRow => ({
    ...{ lock_id: lockId, boot_id: 1, sequence, kind: 'evt', made_at: madeAtMs, received_at: madeAtMs },
    applied_at: madeAtMs,
    body: { k: 'bolt', to, tq, t: tq === 0 ? 0 : madeAtMs, u, fa: fixAgeMs },
  })
  return {
    notes,
    ...{ locks: [], trips: [trip], commands: [], payments: [], positions: new Map(), alarmed: new Set(), wishes: [] },
    reports: [
      report(1, 'unlocked', saidAtMs + offMs, saidAtMs - bootedAtMs, isUnset ? 0 : 3),
      report(2, 'locked', closedAtMs, closedAtMs - bootedAtMs),
    ],
    undone: { effects: 0, refunds: 0, messages: 0 },
    ledger: { sumMinor: 0, clearingMinor: 0, unbalanced: 0 },
  }
}
