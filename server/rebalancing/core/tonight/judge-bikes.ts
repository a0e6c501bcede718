import { lowBatteryPercent } from '../../../fleet/core/bike-state.ts'
import { findStrays, type Stray } from '../demand/find-strays.ts'
import { straySettings } from '../demand/stray-settings.ts'
import type { NightBike, NightInputs } from './night-inputs.ts'
import { type PoolKey, poolAround } from './rider-pools.ts'

export interface PlacedBike extends NightBike {
  readonly lon: number
  readonly lat: number
  /** The riders whom it serves where it stands. */
  readonly pool: PoolKey
}

export interface StrayToMove {
  readonly bike: PlacedBike
  readonly stray: Stray
  /** A rider could take it where it stands. */
  readonly isUsable: boolean
}

export interface JudgedBikes {
  /** Everybody whom riders can take now. */
  readonly usable: readonly PlacedBike[]
  readonly strays: readonly StrayToMove[]
  /** Idle bikes in hotspots that nothing is wrong with: what another place may get. */
  readonly spare: readonly PlacedBike[]
  /** Bikes in each hotspot, of any condition. */
  readonly standing: ReadonlyMap<string, number>
}

/** A bike that came within the hour is not a night's work: it may be on its way on. */
const leastIdleHours = 1
/** Outside of a hotspot a bike counts as left behind sooner than as idle. */
const mostStrayHours = 4

/** Who can be moved, who cannot, and why. Bikes in use, in custody or without a position are in none of the lists. */
export function judgeBikes({ bikes, hotspots, settings, nowMs }: NightInputs): JudgedBikes {
  const placed = bikes.flatMap((bike): PlacedBike[] => {
    const { lon, lat } = bike
    if (bike.isInUse || lon === null || lat === null) return []
    return [{ ...bike, lon, lat, pool: bike.insideHotspot ?? poolAround({ lon, lat }, hotspots) }]
  })
  const usable = placed.filter(isUsable)
  const usableIds = new Set(usable.map(({ bikeId }) => bikeId))
  const rules = straySettings({
    idleHours: settings.idleHours,
    strayHours: Math.min(mostStrayHours, settings.idleHours),
    lowBatteryPercent: settings.lowBatteryPercent,
  })
  const byId = new Map<string, PlacedBike>(placed.map((bike) => [bike.bikeId, bike]))
  const strays = findStrays(placed, [], nowMs, rules).flatMap((stray): StrayToMove[] => {
    const bike = byId.get(stray.bikeId)
    return bike === undefined ? [] : [{ bike, stray, isUsable: usableIds.has(bike.bikeId) }]
  })
  const strayIds = new Set(strays.map(({ bike }) => bike.bikeId))
  const standing = new Map<string, number>()
  for (const { insideHotspot } of placed) {
    if (insideHotspot !== null) standing.set(insideHotspot, (standing.get(insideHotspot) ?? 0) + 1)
  }
  return {
    usable,
    strays,
    spare: usable
      .filter((bike) => bike.insideHotspot !== null && !strayIds.has(bike.bikeId) && bike.idleHours >= leastIdleHours)
      .sort((a, b) => b.idleHours - a.idleHours || (a.bikeId < b.bikeId ? -1 : 1)),
    standing,
  }
}

/** Riders' bikes by the hotspot or cell that they serve, and bikes of any condition by the hotspot that they stand in. */
export function countBikes(
  bikes: readonly NightBike[],
  hotspots: NightInputs['hotspots'],
): { readonly usable: ReadonlyMap<PoolKey, number>; readonly standing: ReadonlyMap<string, number> } {
  const usable = new Map<PoolKey, number>()
  const standing = new Map<string, number>()
  const more = (map: Map<string, number>, key: string) => void map.set(key, (map.get(key) ?? 0) + 1)
  for (const bike of bikes) {
    const { lon, lat, insideHotspot } = bike
    if (bike.isInUse || lon === null || lat === null) continue
    if (insideHotspot !== null) more(standing, insideHotspot)
    if (isUsable(bike)) more(usable, insideHotspot ?? poolAround({ lon, lat }, hotspots))
  }
  return { usable, standing }
}

const isUsable = (bike: NightBike): boolean =>
  bike.inService &&
  bike.alarms.length === 0 &&
  !bike.isSilent &&
  (bike.batteryPercent === null || bike.batteryPercent >= lowBatteryPercent)
