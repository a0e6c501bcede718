import { seededRandom } from '../../contracts/random.ts'
import { type Bike, chanceOf, isFree } from './bike.ts'
import type { LocalTime } from './core/demand.ts'
import type { Journey } from './core/journey.ts'
import { makePopulation } from './core/population.ts'
import { isOnBike, stepRider } from './core/rider-machine.ts'
import type { Outcome, RiderEffect, RiderEvent, RiderPhase } from './core/rider-state.ts'
import { departuresRandom, letPeopleOut } from './departures.ts'
import type { Fleet } from './fleet.ts'
import { pushUntilClosed } from './lever.ts'
import type { Log } from './log.ts'
import { makeRider, type Rider } from './rider.ts'
import { closeLock, type LegsSurroundings, rideOn, type Tell, walkToBike } from './rider-legs.ts'
import { createPhone, type Phone } from './rider-phone.ts'
import type { SavedBike } from './saved-city.ts'
import type { ServerClock } from './server-clock.ts'
import type { StreetMood } from './street-mood.ts'
import type { ZwermApi } from './zwerm-api.ts'

export interface RidersOrder extends LegsSurroundings {
  readonly seed: string
  readonly run: number
  readonly fleet: Fleet
  readonly api: ZwermApi
  readonly clock: ServerClock
  readonly localTime: (cityMs: number) => LocalTime
  readonly log: Log
  readonly mood: Pick<StreetMood, 'factors'>
  readonly saved: ReadonlyMap<string, SavedBike>
}

export interface RidersState {
  readonly byPhase: Readonly<Partial<Record<RiderPhase, number>>>
  readonly onBike: number
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  readonly tripsBegun: number
  readonly refusals: Readonly<Record<string, number>>
}

export interface Riders {
  state(): RidersState
  /** Who uses a bike and where this rider is going, for a later run. */
  riderOf(bike: Bike): { readonly index: number; readonly toNode: number } | null
  stop(): void
}

interface Counts {
  readonly outcomes: Partial<Record<Outcome, number>>
  readonly refusals: Record<string, number>
  tripsBegun: number
}

const ridersPerBike = 2
/** A fix may be this far from the bike it is of. */
const sightM = 70
const lateOpeningMs = 300_000
const passerByMs = 60_000
const restAfterRefusalMs = 1_800_000
const restAfterDebtMs = 86_400_000

/** Everybody who rides: a seeded crowd whose machines are driven here. */
export function letPeopleRide(order: RidersOrder): Riders {
  const { fleet, map, clock } = order
  const seed = seededRandom(order.seed, 'riders')
  const riders = makePopulation(seed, fleet.bikes.length * ridersPerBike, map.places).map((person) =>
    makeRider(person, seed.split(`run ${order.run}`), map.positionOf(person.home)),
  )
  const phone = createPhone({
    api: order.api,
    server: clock,
    run: `${order.seed}-${order.run}-${clock.nowMs().toString(36)}`,
  })
  const counts: Counts = { outcomes: {}, refusals: {}, tripsBegun: 0 }
  let isStopped = false

  function feed(rider: Rider, event: RiderEvent): void {
    if (event.kind === 'refused') onRefusal(order, counts, rider, event.code)
    const { state, effects } = stepRider(rider.state, event)
    if (state === rider.state && effects.length === 0) return
    if (event.kind === 'trip_seen' && rider.state.phase === 'asking_to_unlock') counts.tripsBegun++
    if (event.kind === 'trip_seen' && event.riderFree) expectLateOpening(order, rider)
    rider.state = state
    rider.turn++
    rider.callOff?.()
    rider.callOff = null
    const { turn } = rider
    const isCurrent = () => !isStopped && rider.turn === turn
    const tell: Tell = (news) => {
      if (isCurrent()) feed(rider, news)
    }
    for (const effect of effects) perform({ order, phone, counts }, { rider, effect, isCurrent, tell })
  }

  let alreadyRiding = 0
  for (const bike of fleet.bikes) {
    bike.lock.onBoltPosition((position) => {
      const rider = bike.claimedBy === null ? undefined : riders[bike.claimedBy]
      if (position === 'closed' && rider?.bike === bike && !isStopped) feed(rider, { kind: 'bolt_closed' })
      if (position === 'open' && bike.claimedBy === null) closeIfLate(order, bike)
    })
    const kept = order.saved.get(bike.lockId)
    const rider = kept?.rider ? riders[kept.rider.index] : undefined
    if (!kept?.rider || kept.isLocked || !rider || rider.bike !== null) continue
    rider.bike = bike
    bike.claimedBy = rider.person.index
    feed(rider, { kind: 'go_on', journey: theRestOf(kept.rider.toNode) })
    alreadyRiding++
  }
  const shutDoors = letPeopleOut({
    riders,
    fleet,
    map,
    clock,
    localTime: order.localTime,
    mood: order.mood,
    random: departuresRandom(order.seed, order.run),
    alreadyRiding,
    setOut: (rider, journey) => feed(rider, { kind: 'set_out', journey }),
  })

  return {
    state: () => stateOf(riders, counts),
    riderOf: (bike) => {
      const rider = bike.claimedBy === null ? undefined : riders[bike.claimedBy]
      if (!rider?.state.journey) return null
      return { index: rider.person.index, toNode: rider.state.journey.toNode }
    },
    stop: () => {
      isStopped = true
      shutDoors()
      for (const rider of riders) rider.callOff?.()
    },
  }
}

interface Crowd {
  readonly order: RidersOrder
  readonly phone: Phone
  readonly counts: Counts
}
interface Task {
  readonly rider: Rider
  readonly effect: RiderEffect
  readonly isCurrent: () => boolean
  readonly tell: Tell
}

function perform({ order, phone, counts }: Crowd, { rider, effect, isCurrent, tell }: Task): void {
  const { bike, state } = rider
  const answerWith = (answer: Promise<RiderEvent>) => {
    answer.then(tell, (error: unknown) => {
      order.log.trouble('rider', `a rider could not go on: ${String(error)}`)
      tell({ kind: 'no_answer' })
    })
  }
  switch (effect.kind) {
    case 'look':
      answerWith(look(order, rider))
      break
    case 'walk':
      if (bike === null) tell({ kind: 'no_bike' })
      else {
        keepBike(order, rider, bike)
        walkToBike(order, rider, bike, tell)
      }
      break
    case 'ride':
      if (bike === null || state.journey === null) tell({ kind: 'destination' })
      else rideOn(order, rider, bike, state.journey, tell)
      break
    case 'rest':
      rider.callOff = order.schedule(order.clock.nowMs() + effect.lastsMs, () => tell({ kind: 'rested' }))
      break
    case 'push_lever':
      if (bike === null) tell({ kind: 'bolt_closed' })
      else closeLock(order, rider, bike, tell)
      break
    case 'leave':
      counts.outcomes[effect.outcome] = (counts.outcomes[effect.outcome] ?? 0) + 1
      if (effect.outcome === 'no_unlock') expectLateOpening(order, rider)
      leave(order, rider, effect.unusedPromiseId)
      break
    case 'read_code':
    case 'log_in':
    case 'promise':
    case 'answer_payer':
    case 'ask_promise':
    case 'unlock':
    case 'ask_trip':
    case 'pause':
    case 'resume':
    case 'free_exit':
    case 'end_by_hand':
      answerWith(phone.askFor(rider, effect, isCurrent))
      break
  }
}

async function look({ clock, api, fleet }: RidersOrder, rider: Rider): Promise<RiderEvent> {
  if (rider.bike !== null) {
    rider.avoids.add(rider.bike.lockId)
    rider.bike.claimedBy = null
    rider.bike = null
  }
  if (!clock.isServerHere()) return { kind: 'no_answer' }
  const told = await api.bikesNear(rider.place)
  if (told.kind !== 'answer') return { kind: 'no_answer' }
  const isGood = (bike: Bike) =>
    isFree(bike, clock.nowMs()) && !rider.avoids.has(bike.lockId) && bike.lock.boltPosition() === 'closed'
  for (const shown of told.value.bikes) {
    const bike = fleet.nearest(shown, sightM, isGood)
    if (bike === null) continue
    bike.claimedBy = rider.person.index
    rider.bike = bike
    return { kind: 'bike_seen' }
  }
  return { kind: 'no_bike' }
}

/** One person in so many reserves before walking, when the phone is logged in already. */
const reservesOneIn = 6

/** Nobody waits for the answer: a bike that cannot be kept is walked to all the same. */
function keepBike({ clock, api }: RidersOrder, { person, token }: Rider, bike: Bike): void {
  if (token === null || person.index % reservesOneIn !== 0 || !clock.isServerHere()) return
  void api.reserve(token, bike.number)
}

function leave({ clock, schedule, api }: RidersOrder, rider: Rider, unusedPromiseId: string | null): void {
  const { bike, token } = rider
  if (unusedPromiseId !== null && token !== null && clock.isServerHere()) {
    // Nobody waits for it: a promise that is not taken back runs out by itself.
    void api.takeBackPromise(token, unusedPromiseId)
  }
  if (bike !== null) {
    if (bike.lock.boltPosition() === 'open') pushUntilClosed({ schedule, nowMs: clock.nowMs }, bike, () => undefined)
    if (rider.ride !== null) wear(bike)
    bike.claimedBy = null
  }
  rider.bike = null
  rider.ride = null
  rider.payUrl = null
  rider.avoids.clear()
}

/** The rider walks away from an unlock that nobody answered: it may still come. */
function expectLateOpening({ clock }: RidersOrder, { bike }: Rider): void {
  if (bike !== null) bike.mayOpenLateTillMs = clock.nowMs() + lateOpeningMs
}

/** Opened after its rider had gone: a passer-by closes it. A bike that somebody else has opened is left alone. */
function closeIfLate({ clock, schedule }: RidersOrder, bike: Bike): void {
  if (bike.mayOpenLateTillMs < clock.nowMs()) return
  schedule(clock.nowMs() + passerByMs, () => {
    if (isFree(bike, clock.nowMs())) pushUntilClosed({ schedule, nowMs: clock.nowMs }, bike, () => undefined)
  })
}

/** A worn battery gives up some charge with each ride. */
function wear(bike: Bike): void {
  if (bike.batteryPercent <= 1 || !bike.random.chance(chanceOf(bike, 'wearChance'))) return
  bike.batteryPercent -= 1
  bike.lock.setBattery(bike.batteryPercent)
}

function onRefusal({ clock }: RidersOrder, counts: Counts, rider: Rider, code: string): void {
  counts.refusals[code] = (counts.refusals[code] ?? 0) + 1
  if (code === 'session_ended') rider.token = null
  const isLasting = code === 'rider_in_debt' || code === 'rider_blocked'
  rider.restsTillMs = clock.nowMs() + (isLasting ? restAfterDebtMs : restAfterRefusalMs)
}

function stateOf(riders: readonly Rider[], { outcomes, refusals, tripsBegun }: Counts): RidersState {
  const byPhase: Partial<Record<RiderPhase, number>> = {}
  for (const { state } of riders) byPhase[state.phase] = (byPhase[state.phase] ?? 0) + 1
  const onBike = riders.reduce((count, { state }) => count + (isOnBike(state) ? 1 : 0), 0)
  return { byPhase, onBike, outcomes: { ...outcomes }, tripsBegun, refusals: { ...refusals } }
}

/** What is left of a ride that began in an earlier run. */
const theRestOf = (toNode: number): Journey => ({
  purpose: 'home',
  toNode,
  bikeTries: 1,
  triesSameBikeAgain: false,
  payer: 'approve',
  pause: null,
  freeExit: null,
  parksAtHotspot: true,
})
