import type { StaffTripRow } from '../../../contracts/http/staff-trips.ts'
import { asId, type StaffId, type TripId } from '../../../contracts/ids.ts'
import type { Random } from '../../../contracts/random.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Rooms } from '../../../server/rooms.ts'
import type { ActOrder } from '../../../server/trips/staff-acts.ts'
import type { Notes } from './notes.ts'
import type { Server } from './server.ts'

const reason = 'A rider called about it'
const longestRestMs = 600_000

/** One person at the desk, who ends rides, lets them last and gives money back, and presses twice when nothing answers. */
export function createSupporter(settings: {
  readonly staffId: StaffId
  readonly clock: VirtualClock
  readonly random: Random
  readonly server: Server
  readonly notes: Notes
  /** Mean minutes between two acts. */
  readonly everyMinutes: number
  /** The world is healed: the shift is over. */
  readonly isOver: () => boolean
}) {
  const { staffId, clock, random, server, notes, everyMinutes, isOver } = settings
  let acts = 0

  const wait = (fromMs: number, toMs: number) =>
    new Promise<void>((resolve) => clock.schedule(clock.nowMs() + random.integer(fromMs, toMs), resolve))

  async function live(): Promise<void> {
    for (;;) {
      await wait(1_000, Math.min(longestRestMs, everyMinutes * 120_000))
      if (isOver()) return
      await lookAfterOne()
    }
  }

  async function lookAfterOne(): Promise<void> {
    const state = random.pick(['active', 'ended'] as const)
    const listed = await server.ask((rooms) => rooms.staffTrips.list({ state, limit: 20 }))
    if (listed.kind === 'no_answer' || listed.value.trips.length === 0) return
    const trip = random.pick(listed.value.trips)
    const act = actOn(trip)
    const order: ActOrder = { actId: nextId(), tripId: asId<TripId>(trip.tripId), staffId, reason }
    const presses = random.chance(0.4) ? 2 : 1
    for (let press = 0; press < presses; press++) {
      if (act.name === 'end') notes.endedByHand.add(trip.tripId)
      const answer = await server.ask((rooms) => act.perform(rooms, order))
      const why = answer.kind === 'no_answer' ? 'no answer' : isRefusal(answer.value) ? answer.value.code : 'yes'
      notes.trace(`${clock.nowMs()} desk ${act.name} ${trip.tripId.slice(-4)}: ${why}`)
      notes.count(`desk ${act.name}: ${why}`)
      await wait(100, 5_000)
    }
  }

  function actOn(trip: StaffTripRow): {
    readonly name: string
    readonly perform: (rooms: Rooms, order: ActOrder) => Promise<object>
  } {
    if (trip.state === 'ended' || trip.state === 'charged') {
      const amount = random.integer(1, Math.max(1, trip.payment.captured))
      if (random.chance(0.5))
        return { name: 'refund', perform: (rooms, order) => rooms.staffActs.refund(order, amount) }
      return {
        name: 'reprice',
        perform: async (rooms, order) => {
          const shown = await rooms.staffTrips.preview(order.tripId, { act: 'reprice', waived: ['unlock'] })
          const expectedTotal = isRefusal(shown) ? 0 : shown.after.total
          return rooms.staffActs.reprice(order, { waived: ['unlock'], expectedTotal })
        },
      }
    }
    if (random.chance(0.3)) {
      const until = clock.nowMs() + random.integer(1, 24) * 3_600_000
      return { name: 'extend', perform: (rooms, order) => rooms.staffActs.extend(order, until) }
    }
    return { name: 'end', perform: (rooms, order) => rooms.staffActs.end(order, null) }
  }

  const nextId = () => `00000000-0000-7000-9000-${String(++acts).padStart(12, '0')}`

  return { live }
}
