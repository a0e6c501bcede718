import { asId, type BikeCode, type BikeId, type BikeNumber, type LockId } from '../contracts/ids.ts'
import { type EpochMs, epochMs } from '../contracts/units.ts'
import { unheardLock } from '../server/fleet/core/lock-shadow.ts'
import type { FleetBike } from '../server/fleet/fleet-service.ts'

/** A made fleet, all of it on the way: every bike goes a few metres a second, and turns now and then. */
export interface LiveWorld {
  readonly bikes: readonly FleetBike[]
  /** A second passes. */
  readonly ride: (nowMs: number) => void
}

export const liveCentre = { lon: 4.7262, lat: 52.3585 }
/** Degrees each way: what a map of 1280 × 800 pixels shows at zoom 13. */
const halfLon = 0.05
const halfLat = 0.019
const stepLon = 0.00006
const stepLat = 0.00004
const turnChance = 0.1

export function makeLiveWorld(count: number, random: () => number): LiveWorld {
  const headings = Float64Array.from({ length: count }, () => random() * 360)
  const bikes: FleetBike[] = Array.from({ length: count }, (_, slot) => ({
    ...{ slot, bikeId: asId<BikeId>(`00000000-0000-7000-8000-${String(slot).padStart(12, '0')}`), model: 'city' },
    ...{ lockId: asId<LockId>(`lock-${slot}`), number: asId<BikeNumber>(String(100_000 + slot)) },
    ...{
      code: asId<BikeCode>('code'),
      trip: 'riding',
      inService: true,
      blockingAlarms: 0,
      urgentAlarms: 0,
      custody: null,
    },
    shadow: {
      ...unheardLock,
      ...{ bolt: 'unlocked', soc: 80, lastHeardAtMs: epochMs(0) },
      position: placeOf(
        liveCentre.lon + (random() * 2 - 1) * halfLon,
        liveCentre.lat + (random() * 2 - 1) * halfLat,
        headings[slot] as number,
      ),
    },
  }))
  const ride = (nowMs: number) => {
    const heardAtMs: EpochMs = epochMs(nowMs)
    for (let slot = 0; slot < count; slot++) {
      const bike = bikes[slot] as FleetBike
      const { position } = bike.shadow
      if (position === null) continue
      if (random() < turnChance) headings[slot] = random() * 360
      const heading = headings[slot] as number
      const lon = position.lon + Math.sin((heading * Math.PI) / 180) * stepLon
      const lat = position.lat + Math.cos((heading * Math.PI) / 180) * stepLat
      const isOutside = Math.abs(lon - liveCentre.lon) > halfLon || Math.abs(lat - liveCentre.lat) > halfLat
      if (isOutside) headings[slot] = (heading + 180) % 360
      const next = isOutside ? placeOf(position.lon, position.lat, (heading + 180) % 360) : placeOf(lon, lat, heading)
      bikes[slot] = { ...bike, shadow: { ...bike.shadow, position: next, lastHeardAtMs: heardAtMs } }
    }
  }
  return { bikes, ride }
}

const placeOf = (lon: number, lat: number, headingDeg: number) => ({
  ...{ lon, lat, headingDeg },
  ...{ accuracyM: 4, speedMps: 4, bootId: 1, uptimeMs: 1 },
})

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
export const rounded = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places

/** Chance from a seed (mulberry32): the same ride each time. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
