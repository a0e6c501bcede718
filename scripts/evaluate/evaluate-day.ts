import { planNight } from '../../server/rebalancing/night-planner.ts'
import { likelyDays } from './missed-rides.ts'
import { naiveMover } from './naive-mover.ts'
import type { DocklessTrip, TripDay } from './read-trips.ts'
import { planeAt, replay } from './replay.ts'
import { afterTheNight, strayNight } from './stray-night.ts'
import { thinnedFleet } from './thinned-fleet.ts'
import { wantedPlaces } from './wanted-places.ts'

export interface EvaluationOrder {
  readonly vans: number
  /** Of each van's shift. */
  readonly hours: number
  readonly capacity: number
  /** Of the fleet that is kept. */
  readonly share: number
  /** Of the search; `iterations` instead makes it the same on every machine. */
  readonly seconds: number
  readonly iterations?: number
  readonly seed: number
  /** What moving a bike costs before any driving, in rides as the likely days count them: they promise twice what is kept. */
  readonly ridesPerBike: number
  /** How many fleets of that share are drawn and judged. */
  readonly fleets: number
}

/** Means over the fleets that were drawn; gains are all rides won over all bikes moved. */
export interface Evaluation {
  readonly day: string
  readonly fleets: number
  readonly bikes: number
  readonly trips: number
  readonly served_none: number
  readonly served_naive: number
  readonly served_plan: number
  readonly gain_per_bike_naive: number
  readonly gain_per_bike_plan: number
  readonly gain_per_van_hour: number
  readonly km: number
  readonly bikes_moved: number
  /** Per bike, one for each fleet: how far the figures above can be trusted. */
  readonly gains_naive: readonly number[]
  readonly gains_plan: readonly number[]
}

/** Bikes are moved before it, and the replay begins at it, local time. */
const morningS = 4 * 3_600
/** More than three vans carry in a night. */
const mostWantedBikes = 700
interface Outcome {
  readonly bikes: number
  readonly none: number
  readonly naive: number
  readonly plan: number
  readonly moved: number
  readonly naiveMoved: number
  readonly km: number
}

/** Judges the last of the days; the plan and the naive mover know the days before it, and where the bikes stand at 04:00. */
export async function evaluateDay(
  days: readonly TripDay[],
  order: EvaluationOrder,
  tell: (line: string) => void,
): Promise<Evaluation> {
  const judged = days.at(-1) as TripDay
  const outcomes: Outcome[] = []
  for (let draw = 0; draw < order.fleets; draw++) {
    const outcome = await evaluateFleet(days, order, draw)
    outcomes.push(outcome)
    const { bikes, none, naive, plan, moved } = outcome
    tell(
      `fleet ${draw + 1} of ${order.fleets}: ${bikes} bikes, ${none} served; ${moved} moved: naive ${naive}, plan ${plan}`,
    )
  }
  const total = (pick: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + pick(outcome), 0)
  const mean = (pick: (outcome: Outcome) => number) => Math.round(total(pick) / outcomes.length)
  const gainNaive = ({ naive, none, naiveMoved }: Outcome) => perBike(naive - none, naiveMoved)
  const gainPlan = ({ plan, none, moved }: Outcome) => perBike(plan - none, moved)
  return {
    day: new Date(judged.midnightS * 1_000 + 43_200_000).toISOString().slice(0, 10),
    fleets: order.fleets,
    bikes: mean(({ bikes }) => bikes),
    trips: afterFour(judged).length,
    served_none: mean(({ none }) => none),
    served_naive: mean(({ naive }) => naive),
    served_plan: mean(({ plan }) => plan),
    gain_per_bike_naive: perBike(
      total(({ naive, none }) => naive - none),
      total(({ naiveMoved }) => naiveMoved),
    ),
    gain_per_bike_plan: perBike(
      total(({ plan, none }) => plan - none),
      total(({ moved }) => moved),
    ),
    gain_per_van_hour: round(total(({ plan, none }) => plan - none) / (order.fleets * order.vans * order.hours)),
    km: mean(({ km }) => km),
    bikes_moved: mean(({ moved }) => moved),
    gains_naive: outcomes.map(gainNaive),
    gains_plan: outcomes.map(gainPlan),
  }
}

async function evaluateFleet(days: readonly TripDay[], order: EvaluationOrder, draw: number): Promise<Outcome> {
  const judged = days.at(-1) as TripDay
  const past = days.slice(0, -1)
  const plane = planeAt(judged.trips[0]?.startLat ?? 0)
  const fleet = thinnedFleet(days, judged.midnightS + morningS, order.share, plane, draw)
  const trips = afterFour(judged)
  const none = replay(fleet, trips, plane).served

  const known = past.map((day) =>
    afterFour(day).map((trip) => ({ ...trip, startS: trip.startS - day.midnightS, endS: trip.endS - day.midnightS })),
  )
  const likely = likelyDays(fleet, known, plane, order.seed)
  const starts = known.flat().map(({ startLon, startLat }) => ({ x: plane.x(startLon), y: plane.y(startLat) }))
  const wanted = wantedPlaces(likely, starts, mostWantedBikes, order.ridesPerBike)
  const night = strayNight(fleet, likely.ridden, wanted, order)
  const effort = order.iterations === undefined ? { seconds: order.seconds } : { iterations: order.iterations }
  const { plan } = await planNight(night.problem, { ...effort, seed: order.seed })
  const naive = naiveMover(fleet, afterFour(past.at(-1) as TripDay), plane, plan.bikesMoved)
  return {
    bikes: fleet.bikeIds.length,
    none,
    naive: replay(naive.standing, trips, plane).served,
    plan: replay(afterTheNight(fleet, night, plan), trips, plane).served,
    moved: plan.bikesMoved,
    naiveMoved: naive.moved,
    km: plan.distanceM / 1_000,
  }
}

const afterFour = ({ trips, midnightS }: TripDay): readonly DocklessTrip[] =>
  trips.filter(({ startS }) => startS >= midnightS + morningS)

const round = (value: number): number => Math.round(value * 1_000) / 1_000
const perBike = (rides: number, bikes: number): number => (bikes === 0 ? 0 : round(rides / bikes))
