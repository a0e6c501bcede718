import { asId, type BikeId } from '../contracts/ids.ts'
import { seededRandom } from '../contracts/random.ts'
import { distanceM, type Position } from '../contracts/units.ts'
import { stepAside } from '../lock-simulator/city/core/parking.ts'
import { createTimerHeap } from '../lock-simulator/city/core/timer-heap.ts'
import type { LocalTime } from '../server/city/local-time.ts'
import { dateOfDay, dayOfDate } from '../server/rebalancing/core/demand/local-half-hour.ts'
import type { NightPlan } from '../server/rebalancing/core/night-plan.ts'
import type { NightProblem } from '../server/rebalancing/core/night-problem.ts'
import type { NightBike, NightDemand } from '../server/rebalancing/core/tonight/night-inputs.ts'
import { type BenchCity, type Departure, firstPlaces, rideOf } from './nights-people.ts'
import { emptyLookMs, openWatch } from './nights-watch.ts'

export interface PlannedNight {
  readonly problem: NightProblem
  readonly plan: NightPlan
}

/** What an evening's planner is given; it answers with tonight's plan. */
export interface Evening {
  readonly night: string
  readonly nowMs: number
  readonly bikes: readonly NightBike[]
  readonly demand: NightDemand
}

export interface WeekOrder {
  readonly city: BenchCity
  readonly seed: string
  readonly bikes: number
  readonly people: readonly Departure[]
  readonly localTime: LocalTime
  readonly firstDate: string
  readonly days: number
  readonly hotspots: Parameters<ReturnType<typeof openWatch>['forecast']>[1]
  /** Null: nobody moves bikes. */
  readonly planEvening: ((evening: Evening) => PlannedNight) | null
}

export interface WeekDay {
  searches: number
  found: number
  /** From six to noon. */
  morningSearches: number
  morningFound: number
  bikesMoved: number
  notFound: number
  km: number
  /** Rides that the plan was said to win. */
  promised: number
}

interface BenchBike {
  readonly bikeId: BikeId
  place: Position
  isRiding: boolean
  /** Kept for tonight's route, or in its van. */
  isKept: boolean
  standsSinceMs: number
  lastRideAtMs: number | null
  complaintsAtMs: number[]
}

const hotspotRadiusM = 35
const walkM = 200
const walkMps = 1.35
const streetsAreNotStraight = 1.25
/** A bike that was ridden away since the plan was made is another's. */
const stillThereM = 60
const complaintsCountMs = 3 * 86_400_000
const planMinute = 20 * 60 + 30
const claimMinute = 22 * 60
const dayBeginMinute = 6 * 60

/** A week of riders and nights on virtual time. The same order gives the same week. */
export function liveAWeek(order: WeekOrder): WeekDay[] {
  const { city, seed, localTime, hotspots, days } = order
  const spread = seededRandom(seed, 'put down')
  const watch = openWatch(localTime, hotspots)
  const heap = createTimerHeap()
  const dateOf = (day: number) => dateOfDay(dayOfDate(order.firstDate) + day)
  const startMs = localTime.momentOf(order.firstDate, dayBeginMinute)
  const dayStarts = Array.from({ length: days + 1 }, (_, day) => localTime.momentOf(dateOf(day), dayBeginMinute))
  const bikes = firstPlaces(city, seed, order.bikes).map(
    (place, n): BenchBike => ({
      bikeId: asId<BikeId>(`bike-${String(n).padStart(4, '0')}`),
      place,
      isRiding: false,
      isKept: false,
      standsSinceMs: startMs - 3_600_000,
      lastRideAtMs: null,
      complaintsAtMs: [],
    }),
  )
  const rows = Array.from({ length: days }, emptyDay)
  const rowAt = (atMs: number): WeekDay | undefined =>
    rows[dayStarts.findLastIndex((beginMs) => beginMs <= atMs)] ?? undefined

  for (const one of order.people) heap.push(one.atMs, () => search(one))
  for (let atMs = startMs + emptyLookMs; atMs < (dayStarts[days] ?? 0); atMs += emptyLookMs) {
    heap.push(atMs, () =>
      watch.looked(
        bikes.filter(isFree).map(({ place }) => place),
        atMs,
      ),
    )
  }
  for (let day = 0; day < days - 1; day++) {
    const atMs = localTime.momentOf(dateOf(day), planMinute)
    heap.push(atMs, () => evening(dateOf(day), atMs))
  }
  const endMs = dayStarts[days] ?? startMs
  for (let due = heap.popDue(endMs - 1); due !== null; due = heap.popDue(endMs - 1)) due.act?.()
  return rows

  function search(one: Departure): void {
    const row = rowAt(one.atMs)
    if (row === undefined) return
    const isMorning = localTime.minuteAt(one.atMs) < 720 && localTime.minuteAt(one.atMs) >= dayBeginMinute
    row.searches++
    if (isMorning) row.morningSearches++
    const bike = nearest(one.from)
    if (bike === null) {
      watch.saw('unmet', one.from, one.atMs)
      return
    }
    row.found++
    if (isMorning) row.morningFound++
    if (one.journey.payer !== 'approve') return
    bike.isRiding = true
    const walkMs = ((distanceM(one.from, bike.place) * streetsAreNotStraight) / walkMps) * 1_000
    watch.saw('pickup', bike.place, one.atMs + walkMs)
    const { end, tookMs } = rideOf(city, seed, one, bike.place)
    const endMs = one.atMs + walkMs + tookMs
    heap.push(endMs, () => {
      bike.place = end
      bike.isRiding = false
      bike.standsSinceMs = endMs
      bike.lastRideAtMs = endMs
      if (one.journey.freeExit !== null) bike.complaintsAtMs.push(endMs)
      watch.saw('return', end, endMs)
    })
  }

  function nearest(from: Position): BenchBike | null {
    let best: BenchBike | null = null
    let bestM = walkM
    for (const bike of bikes) {
      if (!isFree(bike)) continue
      const gapM = distanceM(from, bike.place)
      if (gapM > bestM) continue
      best = bike
      bestM = gapM
    }
    return best
  }

  function evening(night: string, nowMs: number): void {
    const row = rowAt(nowMs)
    if (order.planEvening === null || row === undefined) return
    const demand = watch.forecast(
      night,
      hotspots,
      bikes.map(({ place }) => place),
    )
    const tonight = order.planEvening({
      night,
      nowMs,
      demand,
      bikes: bikes.map((bike) => nightBike(bike, nowMs, hotspots)),
    })
    const seenAt = new Map(bikes.map(({ bikeId, place }) => [bikeId, place]))
    row.km += tonight.plan.distanceM / 1_000
    row.promised += tonight.plan.value
    // At ten the crews take their routes: riders do not get the bikes on them any more.
    heap.push(localTime.momentOf(night, claimMinute), () => {
      for (const bikeId of takenBy(tonight.plan)) {
        const bike = bikes.find((one) => one.bikeId === bikeId)
        if (bike === undefined) continue
        const isThere = !bike.isRiding && distanceM(bike.place, seenAt.get(bike.bikeId) ?? bike.place) <= stillThereM
        if (isThere) bike.isKept = true
        else row.notFound++
      }
      drive(tonight, row)
    })
  }

  function drive({ problem, plan }: PlannedNight, row: WeekDay): void {
    for (const { stops } of plan.routes) {
      const van: BenchBike[] = []
      for (const [at, stop] of stops.entries()) {
        const atMs = problem.zeroMs + stop.departS * 1_000
        const place = problem.places[stop.place] as Position
        heap.push(atMs, () => {
          van.push(...[...stop.take, ...stop.takeBroken].flatMap((bikeId) => keptBike(bikes, bikeId)))
          const out = at === stops.length - 1 ? van.length : stop.give
          for (const bike of van.splice(0, out)) {
            row.bikesMoved++
            putDown(bike, stepAside(stepAside(place, true, spread), true, spread), atMs)
          }
        })
      }
    }
  }
}

const keptBike = (bikes: readonly BenchBike[], bikeId: string): BenchBike[] =>
  bikes.filter((bike) => bike.isKept && bike.bikeId === bikeId)

function putDown(bike: BenchBike, place: Position, atMs: number): void {
  bike.place = place
  bike.isKept = false
  bike.standsSinceMs = atMs
}

function nightBike(bike: BenchBike, nowMs: number, hotspots: WeekOrder['hotspots']): NightBike {
  const { bikeId, place, isRiding, standsSinceMs, lastRideAtMs } = bike
  const inside = hotspots.find((spot) => distanceM(spot, place) <= hotspotRadiusM)
  return {
    bikeId,
    number: bikeId.slice(-4),
    ...place,
    batteryPercent: 80,
    standsSinceMs,
    lastRideAtMs,
    idleHours: Math.max(0, nowMs - (lastRideAtMs ?? standsSinceMs)) / 3_600_000,
    inService: true,
    isInUse: isRiding,
    isSilent: false,
    alarms: [],
    complaints: bike.complaintsAtMs.filter((atMs) => atMs > nowMs - complaintsCountMs).length,
    isBlocking: false,
    isInServiceArea: true,
    insideHotspot: inside?.hotspotId ?? null,
  }
}

const isFree = ({ isRiding, isKept }: BenchBike): boolean => !isRiding && !isKept

const takenBy = ({ routes }: NightPlan): string[] =>
  routes.flatMap(({ stops }) => stops.flatMap(({ take, takeBroken }) => [...take, ...takeBroken]))

const emptyDay = (): WeekDay => ({
  searches: 0,
  found: 0,
  morningSearches: 0,
  morningFound: 0,
  bikesMoved: 0,
  notFound: 0,
  km: 0,
  promised: 0,
})
