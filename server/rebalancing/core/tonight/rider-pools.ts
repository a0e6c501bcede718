import { distanceM, type Position } from '../../../../contracts/units.ts'
import { cellOf } from '../demand/count-demand.ts'
import { expectedLoss } from '../demand/dissatisfaction.ts'
import type { PoolRates, SharedDemand } from './hotspot-demand.ts'
import type { NightHotspot } from './night-inputs.ts'

/** Riders look for bikes in pools: those of a hotspot and around it, and those of a cell far from every hotspot. */
export type PoolKey = string

/** So far from a hotspot a bike is still found by its riders: what they walk. */
const aroundM = 200
/** Until noon a lost ride counts whole; later half, because by then the day's own rides have moved the bikes. */
const morningSlots = 12

/** The pool that a bike serves which stands outside of every hotspot. */
export function poolAround(at: Position, hotspots: readonly NightHotspot[]): PoolKey {
  let nearest: string | null = null
  let shortest = aroundM
  for (const hotspot of hotspots) {
    // Degrees first: most hotspots are far away.
    if (Math.abs(hotspot.lat - at.lat) > aroundDegrees) continue
    const metres = distanceM(at, hotspot)
    if (metres <= shortest) [nearest, shortest] = [hotspot.hotspotId, metres]
  }
  return nearest ?? cellOf(at.lon, at.lat)
}

const aroundDegrees = aroundM / 110_000

/** Rides lost for a stock of 0, 1 … `mostStock`, from 06:00 to the next 06:00: convex, never rising. */
export function lossOf(rates: PoolRates, mostStock: number): readonly number[] {
  const options = { mostStock, ...(rates.dispersion === null ? {} : { dispersion: rates.dispersion }) }
  const day = expectedLoss(rates, options)
  const morning = expectedLoss(
    { pickups: rates.pickups.slice(0, morningSlots), returns: rates.returns.slice(0, morningSlots) },
    options,
  )
  return Array.from(day, (loss, stock) => rounded(loss / 2 + (morning[stock] ?? 0) / 2))
}

export const noRates: PoolRates = { pickups: [], returns: [], dispersion: null }
export const ratesOfPool = ({ ofHotspot, ofCell }: SharedDemand, pool: PoolKey): PoolRates =>
  ofHotspot.get(pool) ?? ofCell.get(pool) ?? noRates

/** What is kept as JSON need not be longer than it is sure. */
const rounded = (rides: number): number => Math.round(rides * 1e4) / 1e4
