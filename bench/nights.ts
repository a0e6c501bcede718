import { localTimeIn } from '../server/city/local-time.ts'
import { defaultDepot, defaultNightSettings } from '../server/rebalancing/core/default-night-settings.ts'
import { dateOfDay, dayOfDate } from '../server/rebalancing/core/demand/local-half-hour.ts'
import { proportionalPlan } from '../server/rebalancing/core/night/proportional-plan.ts'
import type { NightPlan } from '../server/rebalancing/core/night-plan.ts'
import type { NightProblem } from '../server/rebalancing/core/night-problem.ts'
import { planRoutes } from '../server/rebalancing/core/plan-routes.ts'
import { buildRoadGraph, travelMatrix } from '../server/rebalancing/core/street-matrix.ts'
import { networkOf } from '../server/rebalancing/core/streets/road-edges.ts'
import { nightPlaces, nightProblem } from '../server/rebalancing/core/tonight/build-problem.ts'
import type { NightHotspot, NightInputs } from '../server/rebalancing/core/tonight/night-inputs.ts'
import { zeroOfNight } from '../server/rebalancing/core/tonight/vans-of-night.ts'
import { cityRoads } from '../server/rebalancing/distances/city-streets.ts'
import { type BenchCity, departures, makeBenchCity } from './nights-people.ts'
import { type Evening, liveAWeek, type PlannedNight, type WeekDay, type WeekOrder } from './nights-week.ts'

const bikes = 300
const days = 7
/** A Monday. */
const firstDate = '2026-09-21'
const timeZone = 'Europe/Amsterdam'
/** The first night comes after the first day. */
const countsFromDay = 1
/** As the demo sets its zones: server/city/first-zones.ts. */
const leastShare = 0.15
const noBusy = { vanIds: [], placeIds: [] }

/**
 * `npm run bench -- nights [SEEDS [ITERATIONS]]`: what the night plan is worth to riders. The demo city lives a week on
 * virtual time, three times with the same people setting out at the same moments: without vans, with the platform's own
 * plan each evening, and with the mover that operators know. A what-if in one process: the simulator's people, streets and
 * parking, the platform's own counting, forecast, problem and planner; no server, no locks, no faults.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const seeds = Array.from({ length: Number(args[0] ?? 3) }, (_, n) => String(n + 1))
  const iterations = Number(args[1] ?? 10_000)
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const city = makeBenchCity(() => undefined)
  const planner = eveningPlanner(city)
  const arms = {
    without: null,
    with: planner.by((problem) => {
      const search = planRoutes(problem, { seed: 1 })
      search.improve(iterations)
      return search.best()
    }),
    proportional: planner.by(proportionalPlan),
  } as const
  const weeks: Record<keyof typeof arms, WeekDay[][]> = { without: [], with: [], proportional: [] }
  for (const seed of seeds) {
    const order = weekOrder(city, seed)
    for (const arm of ['without', 'with', 'proportional'] as const) {
      const week = liveAWeek({ ...order, hotspots: planner.hotspots, planEvening: arms[arm] })
      weeks[arm].push(week)
      say(
        `seed ${seed}, ${arm}: found ${percent(week.slice(countsFromDay))}; ${week.map((day) => percent([day])).join(' ')}`,
      )
    }
  }
  return {
    bench: 'nights',
    seeds,
    iterations,
    bikes,
    vans: 3,
    found_without: share(weeks.without.flatMap(afterANight)),
    found_with: share(weeks.with.flatMap(afterANight)),
    found_proportional: share(weeks.proportional.flatMap(afterANight)),
    morning_without: morning(weeks.without.flatMap(afterANight)),
    morning_with: morning(weeks.with.flatMap(afterANight)),
    morning_proportional: morning(weeks.proportional.flatMap(afterANight)),
    bikes_moved: sum(weeks.with.flat(), 'bikesMoved'),
    bikes_not_found: sum(weeks.with.flat(), 'notFound'),
    bikes_moved_proportional: sum(weeks.proportional.flat(), 'bikesMoved'),
    km: Math.round(sum(weeks.with.flat(), 'km')),
    km_proportional: Math.round(sum(weeks.proportional.flat(), 'km')),
    rides_promised: Math.round(sum(weeks.with.flat(), 'promised')),
    rides_won: sum(weeks.with.flatMap(afterANight), 'found') - sum(weeks.without.flatMap(afterANight), 'found'),
    rides_won_proportional:
      sum(weeks.proportional.flatMap(afterANight), 'found') - sum(weeks.without.flatMap(afterANight), 'found'),
    days: Array.from({ length: days }, (_, day) => ({
      day: day + 1,
      searches: sum(
        weeks.without.map((week) => week[day] as WeekDay),
        'searches',
      ),
      found_without: share(weeks.without.map((week) => week[day] as WeekDay)),
      found_with: share(weeks.with.map((week) => week[day] as WeekDay)),
      found_proportional: share(weeks.proportional.map((week) => week[day] as WeekDay)),
    })),
  }
}

function weekOrder(city: BenchCity, seed: string): Omit<WeekOrder, 'hotspots' | 'planEvening'> {
  const localTime = localTimeIn(timeZone)
  const fromMs = localTime.momentOf(firstDate, 6 * 60)
  const toMs = localTime.momentOf(dateOfDay(dayOfDate(firstDate) + days), 6 * 60)
  const people = departures(city, seed, bikes, fromMs, toMs)
  return { city, seed, bikes, people, localTime, firstDate, days }
}

/** Evenings as the platform plans them, with its own settings of the first day. */
function eveningPlanner(city: BenchCity): {
  readonly hotspots: readonly NightHotspot[]
  by(plan: (problem: NightProblem) => NightPlan): (evening: Evening) => PlannedNight
} {
  const localTime = localTimeIn(timeZone)
  const roads = buildRoadGraph(networkOf(cityRoads(city.streets)))
  const settings = defaultNightSettings(defaultDepot(city.places.hotspots, city.places.centre))
  const depotId = settings.depots[0]?.depotId ?? ''
  const hotspots = city.places.hotspots.map(({ name, lon, lat, capacity }, n): NightHotspot => {
    const minBikes = Math.round(capacity * leastShare)
    return { hotspotId: `hotspot-${n}`, name, lon, lat, capacity, minBikes, maxBikes: capacity }
  })
  return {
    hotspots,
    by:
      (plan) =>
      ({ night, nowMs, bikes: standing, demand }) => {
        const momentAt = (minute: number) => localTime.momentOf(night, minute)
        const zeroMs = zeroOfNight({ settings, depotId, nowMs, momentAt })
        const inputs: NightInputs = {
          ...{ nowMs, momentAt, zeroMs, depotId, settings, hotspots, demand },
          bikes: standing,
          busy: noBusy,
        }
        const { places } = nightPlaces(inputs)
        const { distanceM, driveS } = travelMatrix(roads, places)
        const problem = nightProblem(inputs, places, { distanceM: [...distanceM], driveS: [...driveS] })
        return { problem, plan: plan(problem) }
      },
  }
}

const afterANight = (week: readonly WeekDay[]): readonly WeekDay[] => week.slice(countsFromDay)

const sum = (rows: readonly WeekDay[], key: keyof WeekDay): number => rows.reduce((all, row) => all + row[key], 0)

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
const share = (rows: readonly WeekDay[]): number => rounded(sum(rows, 'found') / sum(rows, 'searches'))
const morning = (rows: readonly WeekDay[]): number => rounded(sum(rows, 'morningFound') / sum(rows, 'morningSearches'))
const percent = (rows: readonly WeekDay[]): string => `${(100 * share(rows)).toFixed(1)} %`
