import type { MorningReport } from '../../../../contracts/http/nights.ts'
import { distanceM, type EpochMs } from '../../../../contracts/units.ts'
import type { NightPlan } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { detourFactor } from '../streets/van-speeds.ts'
import type { NightFacts } from './night-inputs.ts'
import { lostWith } from './view-plan.ts'

/** What became of a route. */
export interface RouteResult {
  readonly vanName: string
  readonly crewName: string | null
  readonly stopsPlanned: number
  readonly stopsDone: number
  /** Without those that were found on the way: these have no reasons. */
  readonly bikesPlanned: number
  readonly bikesMoved: number
  readonly toWorkshop: number
  readonly notFound: number
  readonly blocked: number
  readonly stillInVan: number
  readonly plannedM: number
  readonly claimedAt: number | null
  readonly endedAt: number | null
  readonly lastActAt: number | null
  /** Where its crew was when it left its stops, one after the other: [lon, lat]. Bikes stand around them. */
  readonly places: readonly (readonly [number, number])[]
}

export interface MoveResult {
  readonly bikeId: string
  readonly placeId: string | null
  readonly isBroken: boolean
  readonly takeValue: number | null
}

export interface NightResult {
  readonly night: string
  readonly depotId: string
  readonly madeAt: EpochMs
  /** Null: nobody planned or nothing was published. */
  readonly plan: {
    readonly planId: string
    readonly problem: NightProblem
    readonly facts: NightFacts
    readonly plan: NightPlan
  } | null
  readonly routes: readonly RouteResult[]
  readonly moves: readonly MoveResult[]
  /** How the morning finds the hotspots: bikes of any condition, and riders' bikes in and around them. */
  readonly hotspots: readonly {
    readonly hotspotId: string
    readonly name: string
    readonly capacity: number
    readonly stands: number
    readonly usable: number
  }[]
}

/** What became of a night. The totals are sums of the vans'. */
export function morningReport(result: NightResult): MorningReport {
  const { plan, routes, moves } = result
  const total = (of: (route: RouteResult) => number) => routes.reduce((sum, route) => sum + of(route), 0)
  return {
    night: result.night,
    depotId: result.depotId,
    madeAt: result.madeAt,
    planId: plan?.planId ?? null,
    hotspots: result.hotspots.map(({ hotspotId, name, capacity, stands }) => {
      const { before, planned } = plan === null ? standing(stands) : plannedAt(plan, hotspotId, stands)
      return { name, capacity, before, planned, stands }
    }),
    vans: routes.map((route) => ({
      vanName: route.vanName,
      crewName: route.crewName,
      stopsPlanned: route.stopsPlanned,
      stopsDone: route.stopsDone,
      bikesPlanned: route.bikesPlanned,
      bikesMoved: route.bikesMoved,
      plannedM: route.plannedM,
      drivenM: drivenM(route),
      hours: hoursOf(route),
    })),
    bikes: {
      planned: total((route) => route.bikesPlanned),
      moved: total((route) => route.bikesMoved),
      toWorkshop: total((route) => route.toWorkshop),
      notFound: total((route) => route.notFound),
      blocked: total((route) => route.blocked),
      stillInVan: total((route) => route.stillInVan),
    },
    value: { planned: plan?.plan.value ?? 0, won: plan === null ? 0 : valueWon(plan.problem, moves) },
    expectedLost:
      plan === null
        ? { nothing: 0, planned: 0, now: 0 }
        : {
            nothing: plan.facts.lostWithNothingDone,
            planned: lostWith(plan.facts, plan.plan),
            now: lostNow(plan.problem, plan.facts, result),
          },
  }
}

const standing = (stands: number) => ({ before: stands, planned: stands })

type Planned = NonNullable<NightResult['plan']>

/** A hotspot that is younger than the plan stood as it stands. */
function plannedAt({ problem, facts, plan }: Planned, hotspotId: string, stands: number) {
  const index = problem.places.findIndex(({ placeId }) => placeId === hotspotId)
  const before = facts.places[index]?.stock
  if (before === undefined || before === null) return standing(stands)
  let planned = before
  for (const stop of plan.routes.flatMap(({ stops }) => stops)) {
    if (stop.place === index) planned += stop.give - stop.take.length - stop.takeBroken.length
  }
  return { before, planned: Math.max(0, planned) }
}

/** Taking is worth what it was planned for; what is put down is worth the more the fewer came before it. */
function valueWon(problem: NightProblem, moves: readonly MoveResult[]): number {
  const brought = new Map<string, number>()
  let won = 0
  for (const { placeId, isBroken, takeValue } of moves) {
    won += takeValue ?? 0
    const place = problem.places.find((one) => one.placeId === placeId)
    if (isBroken || place?.kind !== 'stop') continue
    const before = brought.get(place.placeId) ?? 0
    brought.set(place.placeId, before + 1)
    won += place.giveValues[before] ?? 0
  }
  return won
}

/** By the bikes that stand there now, wherever they came from. */
function lostNow(problem: NightProblem, facts: NightFacts, { hotspots, moves }: NightResult): number {
  let lost = facts.lostWithNothingDone
  for (const { hotspotId, usable } of hotspots) {
    const known = facts.places[problem.places.findIndex(({ placeId }) => placeId === hotspotId)]
    if (known === undefined || known.lossAt.length === 0) continue
    const at = (stock: number) => known.lossAt[Math.min(known.lossAt.length - 1, Math.max(0, stock))] ?? 0
    lost += at(usable) - at(known.usable)
  }
  const fromHotspots = new Set(
    problem.places.flatMap((place, i) =>
      place.kind === 'stop' && facts.places[i]?.kind === 'hotspot' ? [...place.takeBikes, ...place.brokenBikes] : [],
    ),
  )
  for (const { bikeId } of moves) if (!fromHotspots.has(bikeId)) lost += facts.bikes[bikeId]?.lost ?? 0
  return Math.max(0, lost)
}

/** From stop to stop, by the usual detour; the plan's way where phones told no places. */
function drivenM({ places, plannedM, stopsDone }: RouteResult): number {
  if (places.length < 2) return stopsDone > 0 ? plannedM : 0
  let metres = 0
  for (const [i, [lon, lat]] of places.entries()) {
    const before = places[i - 1]
    if (before) metres += distanceM({ lon: before[0], lat: before[1] }, { lon, lat })
  }
  return metres * detourFactor
}

const hourMs = 3_600_000

function hoursOf({ claimedAt, endedAt, lastActAt }: RouteResult): number {
  const until = lastActAt ?? endedAt
  return claimedAt === null || until === null ? 0 : Math.max(0, until - claimedAt) / hourMs
}
