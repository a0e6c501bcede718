import { type Random, seededRandom } from '../../contracts/random.ts'
import { distanceM, type Position } from '../../contracts/units.ts'
import { isFree, placeOf } from './bike.ts'
import { expectedDepartures, type LocalTime } from './core/demand.ts'
import { type Journey, planJourney } from './core/journey.ts'
import { isAtPaperwork, isOnBike } from './core/rider-machine.ts'
import type { Fleet } from './fleet.ts'
import type { Rider } from './rider.ts'
import type { StreetMap } from './street-map.ts'
import type { StreetMood } from './street-mood.ts'

export interface DeparturesOrder {
  readonly riders: readonly Rider[]
  readonly fleet: Fleet
  readonly map: StreetMap
  readonly clock: { nowMs(): number; isServerHere(): boolean }
  readonly localTime: (cityMs: number) => LocalTime
  readonly mood: Pick<StreetMood, 'factors'>
  readonly random: Random
  /** Rides that are under way already, from an earlier run. */
  readonly alreadyRiding: number
  readonly setOut: (rider: Rider, journey: Journey) => void
}

const burstShare = 0.12
const everyRealMs = 500
/** A clock that jumped does not let a whole morning's riders out at once. */
const longestSpanMs = 120_000
/** More riders waiting for the server than this: it is slow, and nobody else sets out. */
const mostAtPaperwork = 30
const mostOutShare = 0.4
const shortestJourneyM = 800
const drawsPerDeparture = 40
const dayMs = 86_400_000
const dayBeginsMs = 4 * 3_600_000

/** Lets people out of their doors by the hour of the day. Returns how to stop. */
export function letPeopleOut(order: DeparturesOrder): () => void {
  const { riders, fleet, clock, random } = order
  let burstLeft = Math.round(fleet.bikes.length * burstShare) - order.alreadyRiding
  let atMs = clock.nowMs()

  const atPaperwork = () => riders.reduce((count, { state }) => count + (isAtPaperwork(state) ? 1 : 0), 0)
  const riding = () => riders.reduce((count, { state }) => count + (isOnBike(state) ? 1 : 0), 0)
  const out = () => riders.reduce((count, { state }) => count + (state.journey === null ? 0 : 1), 0)

  /** The first riders stand beside their bikes already, so that the city moves at once. */
  function burst(): void {
    if (burstLeft <= 0) return
    const free = fleet.bikes.filter((bike) => isFree(bike, clock.nowMs()) && bike.lock.isConnected())
    while (burstLeft > 0 && free.length > 0 && atPaperwork() < mostAtPaperwork) {
      burstLeft--
      const [bike] = free.splice(random.integer(0, free.length - 1), 1)
      if (bike) setOneOut(order, placeOf(bike))
    }
  }

  function tick(): void {
    const nowMs = clock.nowMs()
    const spanMs = Math.min(longestSpanMs, nowMs - atMs)
    atMs = nowMs
    if (!clock.isServerHere()) return
    burst()
    const { departures } = order.mood.factors()
    // The wish to ride is corrected towards what is usual: a factor on the fleet's size changes what is usual.
    const crowd = fleet.bikes.length * departures
    const expected = expectedDepartures(order.localTime(nowMs), crowd, riding(), spanMs)
    const wanted = Math.floor(expected + random.next())
    const most = Math.min(mostAtPaperwork - atPaperwork(), fleet.bikes.length * mostOutShare - out())
    for (let i = 0; i < Math.min(wanted, most); i++) setOneOut(order, null)
  }

  tick()
  const timer = setInterval(tick, everyRealMs)
  return () => clearInterval(timer)
}

/** Somebody who is not out yet and wants to go far enough to take a bike; `from` where this person is, or null. */
function setOneOut({ riders, map, clock, random, localTime, setOut }: DeparturesOrder, from: Position | null): void {
  const nowMs = clock.nowMs()
  const today = Math.floor((nowMs - dayBeginsMs) / dayMs)
  for (let draws = 0; draws < drawsPerDeparture; draws++) {
    const rider = random.pick(riders)
    if (rider.state.journey !== null || rider.restsTillMs > nowMs) continue
    if (rider.sleptTillDay !== today) rider.atNode = rider.person.home
    rider.sleptTillDay = today
    const journey = planJourney(rider.person, rider.atNode, localTime(nowMs), map.places.leisure, random)
    if (journey === null) continue
    const place = from ?? map.positionOf(rider.atNode)
    if (distanceM(place, map.positionOf(journey.toNode)) < shortestJourneyM) continue
    rider.place = place
    // By bike or, without one, by bus.
    rider.atNode = journey.toNode
    setOut(rider, journey)
    return
  }
}

/** The chance of one run: another run brings other people out. */
export const departuresRandom = (seed: string, run: number): Random => seededRandom(seed, `departures of run ${run}`)
