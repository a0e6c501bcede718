import { type Checker, type Evidence, type TripRow, violation } from './evidence.ts'

/** A bounced switch settles, and the lock says so, within this time of the bolt's arrival. */
const settledWithinMs = 3_000

/** Money is taken after the bolt has truly closed, unless the ride was ended without the lock's word. */
export const noCaptureBeforeClosing: Checker = (evidence) =>
  evidence.trips.flatMap((trip) => {
    const payment = evidence.payments.find(({ payment_id }) => payment_id === trip.payment_id)
    const capture = evidence.notes.moves.find(
      ({ kind, outOrderNo }) => kind === 'capture' && outOrderNo === payment?.hold_key,
    )
    // Ended by hand, and then by the lock's earlier word: where server time has jumped that may come in this order.
    const mayBeOpen = (trip.end_reason !== null && trip.end_reason !== 'lock') || evidence.notes.isCityTimeOff
    if (capture === undefined || mayBeOpen) return []
    const hasClosed = evidence.notes.boltMoves.some(
      ({ lockId, to, atMs, cityMs }) =>
        lockId === trip.lock_id && to === 'closed' && cityMs >= trip.created_at && atMs <= capture.atMs,
    )
    return hasClosed ? [] : [violation('no-capture-before-closing', `trip ${trip.trip_id} at ${capture.atMs}`)]
  })

/** A ride starts and ends when the lock says so: at the times of its own reports, which are true to its clock. */
export const billIsTheLocksClock: Checker = (evidence) =>
  evidence.trips
    .filter(({ started_at }) => started_at !== null)
    .flatMap((trip) => [
      ...agrees(evidence, trip, 'start', trip.started_at),
      ...(trip.end_reason === 'lock' ? agrees(evidence, trip, 'end', trip.ended_at) : []),
    ])

function agrees({ reports, notes }: Evidence, trip: TripRow, end: 'start' | 'end', billedMs: number | null) {
  const wanted = end === 'start' ? 'unlocked' : 'locked'
  const said = reports.filter(
    ({ lock_id, made_at, body }) =>
      lock_id === trip.lock_id && made_at === billedMs && (body.to === wanted || body.bolt === wanted),
  )
  const what = `trip ${trip.trip_id} ${end} ${billedMs}`
  // Clamped to its start: a closing whose time fell before the opening's.
  if (said.length === 0 && end === 'end' && billedMs === trip.started_at) return []
  if (billedMs === null || said.length === 0)
    return [violation('bill-is-the-locks-clock', `${what}: no report says so`)]
  // Only a clock that was set by satellites is held to the truth; others are as good as their network was.
  if (!said.some(({ kind, body }) => kind === 'evt' && body.tq === 3) || notes.isCityTimeOff) return []
  const bolt = end === 'start' ? 'open' : 'closed'
  const moves = notes.boltMoves.filter(({ lockId }) => lockId === trip.lock_id)
  const movedThen = moves.some(
    ({ to, atMs }) => to === bolt && billedMs - atMs >= -100 && billedMs - atMs <= settledWithinMs,
  )
  // Forced open before the rider asked: the lock says open at once, and nothing moves.
  const stoodOpen = end === 'start' && moves.findLast(({ cityMs }) => cityMs <= trip.created_at)?.to === 'open'
  const isTrue = movedThen || stoodOpen
  return isTrue ? [] : [violation('bill-is-the-locks-clock', `${what}: the bolt did not move then`)]
}
