import { type Checker, type Evidence, type ReportRow, type TripRow, violation } from './evidence.ts'

/** A bounced switch settles, and the lock says so, within this time of the bolt's arrival. */
const settledWithinMs = 3_000
/** Network time is as late as its message was; satellites correct it, at any moment of a ride. */
const clockSettlesWithinMs = 10_000
/**
 * A clock that was set between two records, or is set by the network, dates them by two messages, each of them as late as
 * it came in: reordered, by GPRS and through a handover that may take so long.
 */
const messagesWithinMs = 60_000
/** Between two looks at the satellites a lock counts on by its own oscillator. */
const driftPpm = 100

/** Money is taken after the bolt has truly closed, unless the ride was ended without the lock's word. */
export const noCaptureBeforeClosing: Checker = (evidence) =>
  evidence.trips.flatMap((trip) => {
    const payment = evidence.payments.find(({ payment_id }) => payment_id === trip.payment_id)
    const capture = evidence.notes.moves.find(
      ({ kind, outOrderNo }) => kind === 'capture' && outOrderNo === payment?.hold_key,
    )
    // Ended by hand, and then by the lock's word of what it takes for an earlier moment: a server whose time is ahead
    // of the lock's hears of it later. The rider pays for less, and the money that was taken is put right.
    const wasEnded = evidence.notes.isCityTimeOff && evidence.notes.endedByHand.has(trip.trip_id)
    const mayBeOpen = (trip.end_reason !== null && trip.end_reason !== 'lock') || wasEnded
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
      ...(trip.end_reason === 'lock'
        ? [...agrees(evidence, trip, 'end', trip.ended_at), ...lasted(evidence, trip)]
        : []),
    ])

/** Within one boot a ride is as long as the lock's uptime says, whatever was told to its clock meanwhile. */
function lasted(evidence: Evidence, trip: TripRow) {
  const { started_at: from, ended_at: until } = trip
  if (from === null || until === null || from === until) return []
  const counted = sayings(evidence, trip, 'unlocked', from).flatMap((opened) =>
    sayings(evidence, trip, 'locked', until)
      .filter((closed) => closed.boot_id === opened.boot_id && closed.body.u !== undefined)
      .map((closed) => ({
        ms: (closed.body.u ?? 0) - (opened.body.u ?? 0),
        mostMs: mayDifferMs(evidence, opened, closed),
      })),
  )
  if (counted.length === 0 || counted.some(({ ms, mostMs }) => Math.abs(until - from - ms) <= mostMs)) return []
  const lengths = counted.map(({ ms }) => ms).join(', ')
  const detail = `trip ${trip.trip_id} is billed ${until - from} ms, the lock counted ${lengths}`
  return [violation('bill-is-the-locks-clock', detail)]
}

function mayDifferMs({ notes }: Evidence, { body: opened }: ReportRow, { body: closed }: ReportRow): number {
  // No record is taken for later than it came in, by a clock that may be behind.
  if (opened.tq === closed.tq && opened.tq !== 2) return clockSettlesWithinMs + notes.cityBehindMs
  // One of the two is dated by the server's time, which may be ahead, too.
  return messagesWithinMs + notes.cityBehindMs + notes.cityAheadMs
}

const sayings = ({ reports }: Evidence, trip: TripRow, to: 'unlocked' | 'locked', atMs: number) =>
  reports.filter(
    ({ lock_id, made_at, body }) =>
      lock_id === trip.lock_id && made_at === atMs && (body.to === to || body.bolt === to),
  )

function agrees(evidence: Evidence, trip: TripRow, end: 'start' | 'end', billedMs: number | null) {
  const { notes } = evidence
  const said = billedMs === null ? [] : sayings(evidence, trip, end === 'start' ? 'unlocked' : 'locked', billedMs)
  const what = `trip ${trip.trip_id} ${end} ${billedMs}`
  // Clamped to its start: a closing whose time fell before the opening's.
  if (said.length === 0 && end === 'end' && billedMs === trip.started_at) return []
  if (said.length === 0 && end === 'end' && billedMs !== null && wordCameFirst(evidence, trip, billedMs)) return []
  if (billedMs === null || said.length === 0)
    return [violation('bill-is-the-locks-clock', `${what}: no report says so`)]
  // Only a clock that was set by satellites is held to the truth; others are as good as their network was. A server
  // whose own time is off may believe a lock's uptime more than its satellites.
  const bySatellites = said.some(
    ({ kind, body }) => kind === 'evt' && body.tq === 3 && (body.t === billedMs || !notes.isCityTimeOff),
  )
  // A phone ends a ride at a bolt that is closed already; a bolt with a bad switch is found open when it is mended.
  const needsNoMove = said.some(({ body }) => body.by === 'ble' && body.from === body.to)
  if (!bySatellites || needsNoMove || notes.badSwitches.has(trip.lock_id)) return []
  const bolt = end === 'start' ? 'open' : 'closed'
  const driftMs = (Math.max(...said.map(({ body }) => body.fa ?? 0)) * driftPpm) / 1_000_000
  const moves = notes.boltMoves.filter(({ lockId }) => lockId === trip.lock_id)
  const movedThen = moves.some(
    ({ to, atMs }) => to === bolt && billedMs - atMs >= -100 - driftMs && billedMs - atMs <= settledWithinMs + driftMs,
  )
  // Forced open before the rider asked: the lock says open at once, and nothing moves.
  const stoodOpen = end === 'start' && moves.findLast(({ cityMs }) => cityMs <= trip.created_at)?.to === 'open'
  // Reset while the motor ran: the next boot says what it finds, and the time until then is the rider's.
  const last = moves.findLast(({ atMs }) => atMs <= billedMs)
  const openedInTheDark =
    end === 'start' && last?.to === 'open' && said.some(({ body }) => billedMs - (body.u ?? 0) >= last.atMs - driftMs)
  const isTrue = movedThen || stoodOpen || openedInTheDark
  return isTrue ? [] : [violation('bill-is-the-locks-clock', `${what}: the bolt did not move then`)]
}

/** Time stops when somebody says that the ride is over, and the lock's own closing, told for later, ends it. */
const wordCameFirst = ({ notes, reports }: Evidence, trip: TripRow, billedMs: number): boolean =>
  notes.endedByHand.has(trip.trip_id) &&
  reports.some(({ lock_id, made_at, body }) => lock_id === trip.lock_id && made_at > billedMs && body.to === 'locked')
