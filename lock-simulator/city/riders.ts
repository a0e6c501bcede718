import { seededRandom } from '../../contracts/random.ts'
import { distanceM } from '../../contracts/units.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Bike, isFree, placeOf } from './bike.ts'
import { expectedDepartures, type LocalTime } from './core/demand.ts'
import { type Journey, planJourney } from './core/journey.ts'
import { parkingNode, stepAside, stopShortM } from './core/parking.ts'
import { makePopulation } from './core/population.ts'
import { isAtPaperwork, isOnBike, stepRider } from './core/rider-machine.ts'
import type { Outcome, RiderEffect, RiderEvent, RiderPhase } from './core/rider-state.ts'
import type { Fleet } from './fleet.ts'
import { pushUntilClosed } from './lever.ts'
import type { Log } from './log.ts'
import { rideAlong } from './ride-along.ts'
import { makeRider, type Rider } from './rider.ts'
import { usePhone } from './rider-phone.ts'
import type { SavedBike } from './saved-city.ts'
import type { ServerClock } from './server-clock.ts'
import type { StreetMap } from './street-map.ts'
import { enterDeadSpot } from './street-mishaps.ts'
import type { ZwermApi } from './zwerm-api.ts'

export interface RidersOrder {
  readonly seed: string
  readonly run: number
  readonly fleet: Fleet
  readonly map: StreetMap
  readonly api: ZwermApi
  readonly clock: ServerClock
  readonly schedule: Schedule
  readonly localTime: (cityMs: number) => LocalTime
  readonly log: Log
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
  /** The rider of a bike and where this rider is going, for a later run. */
  riderOf(bike: Bike): { readonly index: number; readonly toNode: number } | null
  stop(): void
}

const ridersPerBike = 2
const burstShare = 0.12
const departEveryRealMs = 500
/** A clock that jumped does not let a whole morning's riders out at once. */
const longestSpanMs = 120_000
/** More riders waiting for the server than this: it is slow, and nobody else sets out. */
const mostAtPaperwork = 30
const mostOutShare = 0.4
const shortestJourneyM = 800
const drawsPerDeparture = 40
/** A fix may be this far from the bike it is of. */
const sightM = 70
const walkMps = 1.35
const streetsAreNotStraight = 1.25
const freeExitAfterM = 140
const restAfterRefusalMs = 1_800_000
const restAfterDebtMs = 86_400_000
const dayMs = 86_400_000
const dayBeginsMs = 4 * 3_600_000
const deadSpotOnTheWayChance = 0.01

/** Everybody who rides: a seeded crowd, let out by the hour of the day. */
export function letPeopleRide(order: RidersOrder): Riders {
  const { fleet, map, api, clock, schedule, log } = order
  const seed = seededRandom(order.seed, 'riders')
  const random = seed.split(`departures of run ${order.run}`)
  const riders = makePopulation(seed, fleet.bikes.length * ridersPerBike, map.places).map((person) =>
    makeRider(person, seed.split(`run ${order.run}`), map.positionOf(person.home)),
  )
  const phone = usePhone({ api, server: clock, run: `${order.seed}-${order.run}-${clock.nowMs().toString(36)}` })
  const outcomes: Partial<Record<Outcome, number>> = {}
  const refusals: Record<string, number> = {}
  let tripsBegun = 0
  let burstLeft = Math.round(fleet.bikes.length * burstShare)
  let isStopped = false

  function feed(rider: Rider, event: RiderEvent): void {
    if (event.kind === 'refused') {
      refusals[event.code] = (refusals[event.code] ?? 0) + 1
      if (event.code === 'session_ended') rider.token = null
      const rests =
        event.code === 'rider_in_debt' || event.code === 'rider_blocked' ? restAfterDebtMs : restAfterRefusalMs
      rider.restsTillMs = clock.nowMs() + rests
    }
    const { state, effects } = stepRider(rider.state, event)
    if (state === rider.state && effects.length === 0) return
    rider.state = state
    rider.turn++
    rider.callOff?.()
    rider.callOff = null
    for (const effect of effects) perform(rider, effect)
  }

  function perform(rider: Rider, effect: RiderEffect): void {
    const { turn } = rider
    const isCurrent = () => !isStopped && rider.turn === turn
    const tell = (event: RiderEvent) => {
      if (isCurrent()) feed(rider, event)
    }
    const promised = (answer: Promise<RiderEvent>) => {
      answer.then(tell, (error: unknown) => {
        log.trouble('rider', `a rider could not go on: ${String(error)}`)
        tell({ kind: 'no_answer' })
      })
    }
    switch (effect.kind) {
      case 'look':
        return promised(look(rider))
      case 'walk':
        return walk(rider, tell)
      case 'ride':
        return ride(rider, tell)
      case 'rest':
        rider.callOff = schedule(clock.nowMs() + effect.lastsMs, () => tell({ kind: 'rested' }))
        return
      case 'push_lever':
        return pushLever(rider, tell)
      case 'leave':
        return leave(rider, effect.outcome, effect.unusedPromiseId)
      case 'unlock':
        return promised(
          phone.askFor(rider, effect, isCurrent).then((event) => {
            if (event.kind === 'trip_seen') tripsBegun++
            return event
          }),
        )
      case 'read_code':
      case 'log_in':
      case 'promise':
      case 'answer_payer':
      case 'ask_promise':
      case 'ask_trip':
      case 'pause':
      case 'resume':
      case 'free_exit':
      case 'end_by_hand':
        return promised(phone.askFor(rider, effect, isCurrent))
    }
  }

  async function look(rider: Rider): Promise<RiderEvent> {
    letGo(rider)
    if (!clock.isServerHere()) return { kind: 'no_answer' }
    const told = await api.bikesNear(rider.place)
    if (told.kind !== 'answer') return { kind: 'no_answer' }
    for (const shown of told.value.bikes) {
      const bike = fleet.nearest(
        shown,
        sightM,
        (one) => isFree(one, clock.nowMs()) && !rider.avoids.has(one.lockId) && one.lock.boltPosition() === 'closed',
      )
      if (bike === null) continue
      bike.claimedBy = rider.person.index
      rider.bike = bike
      return { kind: 'bike_seen' }
    }
    return { kind: 'no_bike' }
  }

  function letGo(rider: Rider): void {
    if (rider.bike === null) return
    rider.avoids.add(rider.bike.lockId)
    rider.bike.claimedBy = null
    rider.bike = null
  }

  function walk(rider: Rider, tell: (event: RiderEvent) => void): void {
    const bike = rider.bike
    if (bike === null) return tell({ kind: 'no_bike' })
    const walkedM = distanceM(rider.place, placeOf(bike)) * streetsAreNotStraight
    rider.callOff = schedule(clock.nowMs() + (walkedM / walkMps) * 1_000, () => {
      rider.place = placeOf(bike)
      if (!clock.isServerHere()) tell({ kind: 'no_answer' })
      // Somebody stands at it and plays with it.
      else if (bike.handsOffTillMs > clock.nowMs()) tell({ kind: 'no_bike' })
      else tell({ kind: 'reached' })
    })
  }

  function ride(rider: Rider, tell: (event: RiderEvent) => void): void {
    const { bike, state } = rider
    const { journey } = state
    if (bike === null || journey === null) return tell({ kind: 'destination' })
    rider.ride ??= planRide(rider, bike, journey)
    const plan = rider.ride
    if (plan === null) return tell({ kind: 'destination' })
    const pauseM = journey.pause !== null && !state.hasPaused ? plan.toM * journey.pause.afterShare : plan.toM
    if (bike.random.chance(deadSpotOnTheWayChance)) enterDeadSpot({ schedule, nowMs: clock.nowMs }, bike)
    rider.callOff = rideAlong(
      { map, schedule, clock },
      {
        bike,
        way: plan.way,
        fromM: plan.metres,
        toM: pauseM,
        speedMps: rider.person.pace,
        onMoved: (metres) => {
          plan.metres = metres
        },
        onArrived: () => {
          rider.callOff = null
          if (pauseM < plan.toM) return tell({ kind: 'pause_point' })
          const heading = bike.lock.whereabouts().headingDeg
          const spot = stepAside(placeOf(bike), plan.isHotspot, bike.random)
          bike.lock.setPosition({ ...spot, headingDeg: heading, speedMps: 0 })
          if (bike.random.chance(bike.persona.deadSpotChance)) {
            enterDeadSpot({ schedule, nowMs: clock.nowMs }, bike)
          }
          tell({ kind: 'destination' })
        },
      },
    )
  }

  function planRide(rider: Rider, bike: Bike, journey: Journey): Rider['ride'] {
    const wanted = map.positionOf(journey.toNode)
    const { node, isHotspot } = parkingNode(journey.toNode, wanted, journey.parksAtHotspot, map.places.hotspots)
    const way = map.way(placeOf(bike), node)
    if (way === null) return null
    const wholeM = Math.max(1, way.lengthM - stopShortM(isHotspot, rider.random))
    return { way, toM: journey.freeExit === null ? wholeM : Math.min(wholeM, freeExitAfterM), isHotspot, metres: 0 }
  }

  function pushLever(rider: Rider, tell: (event: RiderEvent) => void): void {
    if (rider.bike === null) return tell({ kind: 'bolt_closed' })
    rider.callOff = pushUntilClosed({ schedule, nowMs: clock.nowMs }, rider.bike, (isClosed) =>
      tell({ kind: isClosed ? 'bolt_closed' : 'bolt_stuck' }),
    )
  }

  function leave(rider: Rider, outcome: Outcome, unusedPromiseId: string | null): void {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
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

  function setOut(place: 'anywhere' | Bike): boolean {
    const nowMs = clock.nowMs()
    const today = Math.floor((nowMs - dayBeginsMs) / dayMs)
    for (let draws = 0; draws < drawsPerDeparture; draws++) {
      const rider = random.pick(riders)
      if (rider.state.journey !== null || rider.restsTillMs > nowMs) continue
      if (rider.sleptTillDay !== today) rider.atNode = rider.person.home
      rider.sleptTillDay = today
      const journey = planJourney(rider.person, rider.atNode, order.localTime(nowMs), map.places.leisure, random)
      if (journey === null) continue
      const from = place === 'anywhere' ? map.positionOf(rider.atNode) : placeOf(place)
      if (distanceM(from, map.positionOf(journey.toNode)) < shortestJourneyM) continue
      rider.place = from
      // By bike or, without one, by bus.
      rider.atNode = journey.toNode
      feed(rider, { kind: 'set_out', journey })
      return true
    }
    return false
  }

  /** The first riders stand beside their bikes already, so that the city moves at once. */
  function burst(): void {
    const free = fleet.bikes.filter((bike) => isFree(bike, clock.nowMs()) && bike.lock.isConnected())
    while (burstLeft > 0 && free.length > 0 && paperwork() < mostAtPaperwork) {
      burstLeft--
      const [bike] = free.splice(random.integer(0, free.length - 1), 1)
      if (bike) setOut(bike)
    }
  }

  const paperwork = () =>
    riders.reduce((count, { state }) => count + (isAtPaperwork(state) || state.phase === 'looking' ? 1 : 0), 0)
  let departedAtMs = clock.nowMs()
  const departures = setInterval(() => {
    const nowMs = clock.nowMs()
    const spanMs = Math.min(longestSpanMs, nowMs - departedAtMs)
    departedAtMs = nowMs
    if (!clock.isServerHere()) return
    burst()
    const out = riders.reduce((count, { state }) => count + (state.journey === null ? 0 : 1), 0)
    const expected = expectedDepartures(order.localTime(nowMs), fleet.bikes.length, spanMs)
    const wanted = Math.floor(expected + random.next())
    const most = Math.min(mostAtPaperwork - paperwork(), fleet.bikes.length * mostOutShare - out)
    for (let i = 0; i < Math.min(wanted, most); i++) setOut('anywhere')
  }, departEveryRealMs)

  for (const bike of fleet.bikes) {
    bike.lock.onBoltPosition((position) => {
      const rider = bike.claimedBy === null ? undefined : riders[bike.claimedBy]
      if (position === 'closed' && rider?.bike === bike && !isStopped) feed(rider, { kind: 'bolt_closed' })
    })
    const kept = order.saved.get(bike.lockId)
    const rider = kept?.rider ? riders[kept.rider.index] : undefined
    if (!kept?.rider || kept.isLocked || !rider || rider.bike !== null) continue
    rider.bike = bike
    bike.claimedBy = rider.person.index
    feed(rider, { kind: 'go_on', journey: homeward(kept.rider.toNode) })
    burstLeft--
  }
  burst()

  return {
    state: () => {
      const byPhase: Partial<Record<RiderPhase, number>> = {}
      for (const { state } of riders) byPhase[state.phase] = (byPhase[state.phase] ?? 0) + 1
      const onBike = riders.reduce((count, { state }) => count + (isOnBike(state) ? 1 : 0), 0)
      return { byPhase, onBike, outcomes: { ...outcomes }, tripsBegun, refusals: { ...refusals } }
    },
    riderOf: (bike) => {
      const rider = bike.claimedBy === null ? undefined : riders[bike.claimedBy]
      if (!rider?.state.journey || !isOnBike(rider.state)) return null
      return { index: rider.person.index, toNode: rider.state.journey.toNode }
    },
    stop: () => {
      isStopped = true
      clearInterval(departures)
      for (const rider of riders) rider.callOff?.()
    },
  }
}

const homeward = (toNode: number): Journey => ({
  purpose: 'home',
  toNode,
  bikeTries: 1,
  triesSameBikeAgain: false,
  payer: 'approve',
  pause: null,
  freeExit: null,
  parksAtHotspot: true,
})

/** A worn battery gives up some charge with each ride. */
function wear(bike: Bike): void {
  const { rideDrainPercent } = bike.persona
  if (rideDrainPercent < 0.5 || bike.batteryPercent <= 1 || !bike.random.chance(rideDrainPercent)) return
  bike.batteryPercent -= 1
  bike.lock.setBattery(bike.batteryPercent)
}
