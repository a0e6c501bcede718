import { present } from '../../../../contracts/assert.ts'
import { distanceM, type Position } from '../../../../contracts/units.ts'
import type { NightProblem, Place } from '../night-problem.ts'
import { shareDemand } from './hotspot-demand.ts'
import { type JudgedBikes, judgeBikes } from './judge-bikes.ts'
import type { NightFacts, NightInputs, PlaceFacts } from './night-inputs.ts'
import { lossOf, type PoolKey, ratesOfPool } from './rider-pools.ts'
import { vansOfNight } from './vans-of-night.ts'
import {
  hotspotPlace,
  noPool,
  type Pool,
  type Pools,
  strayPlaces,
  targetsOf,
  type WorthyPlace,
} from './worth-of-places.ts'

/** What the ways are asked between: the first half of a problem. */
export interface NightPlaces {
  readonly places: readonly Place[]
  readonly facts: NightFacts
}

/** More places than a few vans see in a night; the least worth are left aside. */
export const mostPlaces = 600

/**
 * Where a night's work is and what each bike is worth there. A bike in use, in custody or without a position never
 * appears. The same inputs give the same places.
 */
export function nightPlaces(inputs: NightInputs): NightPlaces {
  const judged = judgeBikes(inputs)
  const pools = poolsOf(inputs, judged)
  const movable = judged.strays.filter(({ bike }) => isOurs(bike, inputs))
  const targets = targetsOf(inputs.hotspots, pools, judged, movable)
  const hotspots = inputs.hotspots
    .filter((spot) => isOurs(spot, inputs) && !inputs.busy.placeIds.includes(spot.hotspotId))
    .map((spot) => hotspotPlace(spot, targets.get(spot.hotspotId), poolAt(pools, spot.hotspotId), judged))
  const all = [...hotspots, ...strayPlaces(movable, pools, inputs.hotspots)]
  const depots = depotsOf(inputs)
  const kept = theMostWorth(all, mostPlaces - depots.length)
  return {
    places: [...depots, ...kept.map(({ stop }) => stop)],
    facts: {
      places: [...depots.map(() => depotFacts), ...kept.map(({ facts }) => facts)],
      bikes: Object.assign({}, ...kept.map(({ bikes }) => bikes)) as NightFacts['bikes'],
      sureness: inputs.demand.sureness,
      evidenceDays: inputs.demand.evidenceDays,
      lostWithNothingDone: [...pools.values()].reduce((sum, pool) => sum + (pool.loss[pool.stock] ?? 0), 0),
      placesLeftAside: all.length - kept.length,
    },
  }
}

/** The problem over those places; `table` holds the ways between them, in their order. */
export function nightProblem(
  inputs: NightInputs,
  places: readonly Place[],
  table: { readonly distanceM: readonly number[]; readonly driveS: readonly number[] },
): NightProblem {
  const { ridesPerKm, ridesPerHour, ridesPerVan, stopMinutes, minutesPerBike } = inputs.settings
  return {
    zeroMs: inputs.zeroMs,
    places,
    distanceM: table.distanceM,
    driveS: table.driveS,
    vans: vansOfNight(inputs),
    costs: { ridesPerKm, ridesPerHour, ridesPerVan },
    handling: { stopS: Math.round(stopMinutes * 60), perBikeS: Math.round(minutesPerBike * 60) },
  }
}

const depotFacts: PlaceFacts = { kind: 'depot', stock: null, target: null, capacity: null, usable: 0, lossAt: [] }

function depotsOf({ settings, depotId }: NightInputs): Place[] {
  const own = present(
    settings.depots.find((depot) => depot.depotId === depotId),
    'the settings of a night name its depot',
  )
  // Another depot is somewhere to go only for its workshop.
  const others = settings.depots.filter((depot) => depot.isWorkshop && !own.isWorkshop)
  return [own, ...others].map(({ depotId: placeId, name, lon, lat, isWorkshop }) => {
    return { kind: 'depot', placeId, name, lon, lat, isWorkshop }
  })
}

/** With several depots each place is served from the nearest one that sends vans. */
function isOurs(at: Position, { settings, depotId }: NightInputs): boolean {
  const sending = settings.depots.filter((depot) =>
    settings.vans.some((van) => van.goesOut && van.depotId === depot.depotId),
  )
  if (sending.length <= 1) return true
  return sending.reduce((a, b) => (distanceM(b, at) < distanceM(a, at) ? b : a)).depotId === depotId
}

const poolAt = (pools: Pools, key: PoolKey): Pool => pools.get(key) ?? noPool

/** Riders' bikes in each pool and what each stock would lose there. */
export function poolsOf({ hotspots, demand }: NightInputs, judged: JudgedBikes): Pools {
  const shared = shareDemand(demand.cells, hotspots)
  const stocks = new Map<PoolKey, number>([...shared.ofHotspot.keys(), ...shared.ofCell.keys()].map((key) => [key, 0]))
  for (const { pool } of judged.usable) stocks.set(pool, (stocks.get(pool) ?? 0) + 1)
  const room = new Map(hotspots.map(({ hotspotId, capacity }) => [hotspotId, capacity]))
  return new Map(
    [...stocks].map(([key, stock]) => {
      const rates = ratesOfPool(shared, key)
      const ridesPerDay = rates.pickups.reduce((sum, rides) => sum + rides, 0)
      return [key, { stock, loss: lossOf(rates, stock + (room.get(key) ?? 0)), ridesPerDay }]
    }),
  )
}

/** In their own order; where too many, those that can win most. */
function theMostWorth(places: readonly WorthyPlace[], most: number): readonly WorthyPlace[] {
  if (places.length <= most) return places
  const chosen = new Set(places.toSorted((a, b) => b.worth - a.worth).slice(0, most))
  return places.filter((place) => chosen.has(place))
}
