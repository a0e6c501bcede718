import { cellToParent, latLngToCell } from 'h3-js'
import type { DemandCell, HalfHourCount } from './demand-history.ts'
import { localHalfHour, minutesBySlot, type OffsetMinutes } from './local-half-hour.ts'

/** About 0.1 km²: half the side is the 200 m that a rider walks. */
export const cellResolution = 9
/** About 5 km²: a part of a city, 49 cells. */
export const parentResolution = 7

/** What happened somewhere; `atMs` is ms since 1970 UTC. */
export type DemandEvent =
  | { readonly kind: 'pickup' | 'return' | 'unmet'; readonly lon: number; readonly lat: number; readonly atMs: number }
  | { readonly kind: 'empty'; readonly cell: string; readonly fromMs: number; readonly toMs: number }

/** The H3 cell of a position. */
export const cellOf = (lon: number, lat: number): string => latLngToCell(lat, lon, cellResolution)
export const parentOf = (cell: string): string => cellToParent(cell, parentResolution)

/** Those cells as the forecast wants them; `weights` (e.g. capacity of the hotspots inside) where something is known. */
export function demandCells(cells: Iterable<string>, weights: ReadonlyMap<string, number> = new Map()): DemandCell[] {
  return [...new Set(cells)].sort().map((key) => ({ key, parent: parentOf(key), weight: weights.get(key) ?? 1 }))
}

type Sums = { -readonly [Name in keyof HalfHourCount]: HalfHourCount[Name] }

/**
 * Counts by cell, local date and half hour, sorted by cell, date, slot. Minutes without a bike are at most 30 a slot.
 * `cellAt` may map positions to other keys (stations, hotspots); null where nothing is counted.
 */
export function countDemand(
  events: Iterable<DemandEvent>,
  offset: OffsetMinutes,
  cellAt: (lon: number, lat: number) => string | null = cellOf,
): HalfHourCount[] {
  const sums = new Map<string, Sums>()
  const at = (cell: string, date: string, slot: number): Sums => {
    const key = `${cell}/${date}/${slot}`
    const known = sums.get(key)
    if (known) return known
    const fresh = { cell, date, slot, pickups: 0, returns: 0, unmet: 0, emptyMinutes: 0 }
    sums.set(key, fresh)
    return fresh
  }
  for (const event of events) {
    if (event.kind === 'empty') {
      for (const { date, slot, minutes } of minutesBySlot(event.fromMs, event.toMs, offset)) {
        const sum = at(event.cell, date, slot)
        sum.emptyMinutes = Math.min(30, sum.emptyMinutes + minutes)
      }
      continue
    }
    const cell = cellAt(event.lon, event.lat)
    if (cell === null) continue
    const { date, slot } = localHalfHour(event.atMs, offset)
    const sum = at(cell, date, slot)
    if (event.kind === 'pickup') sum.pickups++
    else if (event.kind === 'return') sum.returns++
    else sum.unmet++
  }
  return [...sums.values()].sort(byCellDateSlot)
}

function byCellDateSlot(a: HalfHourCount, b: HalfHourCount): number {
  if (a.cell !== b.cell) return a.cell < b.cell ? -1 : 1
  if (a.date !== b.date) return a.date < b.date ? -1 : 1
  return a.slot - b.slot
}
