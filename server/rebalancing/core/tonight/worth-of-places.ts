import type { StrayReason } from '../../../../contracts/http/nights.ts'
import { setTargets, type Target, type TargetPlace } from '../demand/set-targets.ts'
import type { Stop } from '../night-problem.ts'
import type { JudgedBikes, StrayToMove } from './judge-bikes.ts'
import type { BikeFacts, NightHotspot, PlaceFacts } from './night-inputs.ts'
import type { PoolKey } from './rider-pools.ts'
import { clusterStrays, placeName } from './stray-clusters.ts'

export interface Pool {
  /** Bikes that its riders can take now. */
  readonly stock: number
  /** Rides lost with 0, 1, 2 … of them. */
  readonly loss: readonly number[]
  /** Rides that its riders are expected to want tomorrow. */
  readonly ridesPerDay: number
}

export const noPool: Pool = { stock: 0, loss: [0], ridesPerDay: 0 }

export type Pools = ReadonlyMap<PoolKey, Pool>

/** A place of the night with what is known of it and what it may win at most. */
export interface WorthyPlace {
  readonly stop: Stop
  readonly facts: PlaceFacts
  readonly bikes: Readonly<Record<string, BikeFacts>>
  readonly worth: number
}

/** A bike that tomorrow's riders need more than this where it stands is not offered, rides. */
const mostNeeded = 1.5
/**
 * What the operator's own least and most are worth beside a forecast: more than any bike gains by it (1 ride at most),
 * and not so much that a plan's value says nothing of rides any more.
 */
const limitRides = 1.5
/** More than any van takes at once; a longer list only slows the search. */
const mostTaken = 40

/** The best stock of every hotspot if vans were free: what the page shows as the target, and the values around it. */
export function targetsOf(
  hotspots: readonly NightHotspot[],
  pools: Pools,
  judged: JudgedBikes,
  movable: readonly StrayToMove[],
): ReadonlyMap<string, Target> {
  const places = hotspots.map((spot): TargetPlace => {
    const { stock, loss } = pools.get(spot.hotspotId) ?? noPool
    // Its riders also find the bikes around it, which take no room in it; broken ones take room and serve nobody.
    const around = stock - usableIn(judged, spot)
    const unusable = (judged.standing.get(spot.hotspotId) ?? 0) - usableIn(judged, spot)
    return {
      placeId: spot.hotspotId,
      stock,
      loss,
      capacity: Math.max(0, spot.capacity - unusable) + around,
      least: (spot.minBikes ?? 0) + around,
      most: spot.maxBikes === null ? null : Math.max(0, spot.maxBikes - unusable) + around,
    }
  })
  const strays = movable
    .filter(({ stray, bike }) => stray.goesTo === 'hotspot' && bike.insideHotspot === null)
    .map(({ stray }): TargetPlace => {
      return { placeId: stray.bikeId, stock: 1, loss: [0, stray.value], capacity: null, least: 0, most: null }
    })
  const targets = setTargets([...places, ...strays], { listedBikes: mostTaken, limitRides })
  return new Map(targets.map((target) => [target.placeId, target]))
}

const usableIn = (judged: JudgedBikes, spot: NightHotspot): number =>
  judged.usable.reduce((sum, bike) => sum + (bike.insideHotspot === spot.hotspotId ? 1 : 0), 0)

/** What may be taken from and brought to one hotspot. */
export function hotspotPlace(
  spot: NightHotspot,
  target: Target | undefined,
  pool: Pool,
  judged: JudgedBikes,
): WorthyPlace {
  const inside = judged.strays.filter(({ bike }) => bike.insideHotspot === spot.hotspotId)
  const losses = target?.losses ?? []
  const offered = [
    ...inside
      .filter(({ stray }) => stray.goesTo === 'hotspot')
      .map(({ bike, stray }) => ({ bike, reasons: stray.reasons, value: stray.value })),
    ...judged.spare
      .filter((bike) => bike.insideHotspot === spot.hotspotId)
      .map((bike) => ({ bike, reasons: ['not_needed_there'] as readonly StrayReason[], value: 0 })),
  ]
  const taken = offered
    .map((one, k) => ({ ...one, lost: losses[k] ?? Number.POSITIVE_INFINITY }))
    .filter(({ value, lost }) => value - lost > -mostNeeded)
    .slice(0, mostTaken)
  const broken = inside
    .filter(({ stray }) => stray.goesTo === 'workshop')
    .map((one) => ({ ...one, lost: one.isUsable ? Math.max(0, losses[0] ?? 0) : 0 }))
    .sort((a, b) => b.stray.value - b.lost - (a.stray.value - a.lost))
  const giveValues = (target?.gains ?? []).filter((gain) => gain > 0)
  const stop: Stop = {
    kind: 'stop',
    placeId: spot.hotspotId,
    name: spot.name,
    lon: spot.lon,
    lat: spot.lat,
    window: null,
    takeBikes: taken.map(({ bike }) => bike.bikeId),
    takeValues: neverRising(taken.map(({ value, lost }) => value - lost)),
    giveValues: neverRising(giveValues),
    brokenBikes: broken.map(({ bike }) => bike.bikeId),
    brokenValues: broken.map(({ stray, lost }) => stray.value - lost),
  }
  const around = pool.stock - usableIn(judged, spot)
  return {
    stop,
    facts: {
      kind: 'hotspot',
      stock: judged.standing.get(spot.hotspotId) ?? 0,
      target: target === undefined ? null : Math.max(0, target.target - around),
      capacity: spot.capacity,
      usable: pool.stock,
      lossAt: pool.loss,
    },
    bikes: Object.fromEntries([
      ...taken.map(({ bike, reasons, lost }) => [bike.bikeId, bikeFacts(bike, reasons, lost)] as const),
      ...broken.map(({ bike, stray, lost }) => [bike.bikeId, bikeFacts(bike, stray.reasons, lost)] as const),
    ]),
    worth: sum(giveValues) + sum(taken.map(({ value, lost }) => Math.max(0, value - lost))) + sum(stop.brokenValues),
  }
}

/** Strays outside of hotspots, by the halts from which a crew collects them. */
export function strayPlaces(
  movable: readonly StrayToMove[],
  pools: Pools,
  landmarks: readonly NightHotspot[],
): WorthyPlace[] {
  const free = movable.filter(({ bike }) => bike.insideHotspot === null)
  const lost = lostByTaking(free, pools)
  const at = new Map(free.map((one) => [one.bike.bikeId as string, one]))
  return clusterStrays(free.map(({ bike }) => bike)).map((cluster, i) => {
    const members = cluster.bikes.flatMap(({ bikeId }) => at.get(bikeId) ?? [])
    const lostOf = ({ bike }: StrayToMove) => lost.get(bike.bikeId) ?? 0
    const net = (one: StrayToMove) => one.stray.value - lostOf(one)
    const byNet = members.filter((one) => net(one) > -mostNeeded).sort((a, b) => net(b) - net(a))
    const usable = byNet.filter(({ stray }) => stray.goesTo === 'hotspot').slice(0, mostTaken)
    const broken = byNet.filter(({ stray }) => stray.goesTo === 'workshop').slice(0, mostTaken)
    const stop: Stop = {
      kind: 'stop',
      placeId: `strays-${i + 1}`,
      name: placeName(cluster, landmarks),
      lon: cluster.lon,
      lat: cluster.lat,
      window: null,
      takeBikes: usable.map(({ bike }) => bike.bikeId),
      takeValues: usable.map(net),
      giveValues: [],
      brokenBikes: broken.map(({ bike }) => bike.bikeId),
      brokenValues: broken.map(net),
    }
    return {
      stop,
      facts: { kind: 'strays', stock: members.length, target: null, capacity: null, usable: 0, lossAt: [] },
      bikes: Object.fromEntries(
        [...usable, ...broken].map((one) => [one.bike.bikeId, bikeFacts(one.bike, one.stray.reasons, lostOf(one))]),
      ),
      worth: sum([...usable, ...broken].map((one) => Math.max(0, net(one)))),
    }
  })
}

/** Rides that its pool loses by each of them; those of one pool are counted as if all went, the dearest first. */
function lostByTaking(free: readonly StrayToMove[], pools: Pools): ReadonlyMap<string, number> {
  const gone = new Map<PoolKey, number>()
  const lost = new Map<string, number>()
  for (const { bike, isUsable } of free) {
    const pool = pools.get(bike.pool)
    if (!isUsable || pool === undefined) continue
    const stock = pool.stock - (gone.get(bike.pool) ?? 0)
    gone.set(bike.pool, (gone.get(bike.pool) ?? 0) + 1)
    const missed = (pool.loss[stock - 1] ?? 0) - (pool.loss[stock] ?? 0)
    lost.set(bike.bikeId, missed * stillWanted(bike.idleHours, pool))
  }
  return lost
}

/** How many rides the forecast of one spot is worth, in waiting: the spread of demand between cells (shape 0.7). */
const forecastTrips = 0.7

/** A bike that nobody took for so long says that fewer riders come past it than the forecast thought. */
function stillWanted(idleHours: number, pool: Pool): number {
  const ridesMissing = ((idleHours / 24) * pool.ridesPerDay) / Math.max(1, pool.stock)
  return forecastTrips / (forecastTrips + ridesMissing)
}

function bikeFacts(bike: StrayToMove['bike'], reasons: readonly StrayReason[], lost: number): BikeFacts {
  const { number, idleHours, batteryPercent, lon, lat } = bike
  return { number, reasons, idleHours, batteryPercent, lon, lat, lost }
}

function neverRising(values: readonly number[]): number[] {
  let least = Number.POSITIVE_INFINITY
  return values.map((value) => {
    least = Math.min(least, value)
    return least
  })
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
