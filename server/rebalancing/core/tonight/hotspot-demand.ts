import { gridDisk, latLngToCell } from 'h3-js'
import { distanceM } from '../../../../contracts/units.ts'
import { cellResolution } from '../demand/count-demand.ts'
import type { CellRates, NightHotspot } from './night-inputs.ts'

/** Rates of one pool of riders: half hours from 06:00 to the next 06:00. */
export interface PoolRates {
  readonly pickups: readonly number[]
  readonly returns: readonly number[]
  readonly dispersion: number | null
}

export interface SharedDemand {
  readonly ofHotspot: ReadonlyMap<string, PoolRates>
  /** What is left for bikes that stand alone. */
  readonly ofCell: ReadonlyMap<string, PoolRates>
}

/** A hotspot at the middle of a cell draws this many times as much of its riders as bikes along the streets do. */
const hotspotPull = 4
/** At this distance from a cell's middle a hotspot draws nobody from it: riders walk 200 m, and a cell is as wide again. */
const farthestPullM = 300
const ringsServed = 1

/**
 * Riders of each cell go to the hotspots in it and in its neighbours, the nearer the more, and some to bikes that stand
 * alone. What is given out is what came in.
 */
export function shareDemand(cells: readonly CellRates[], hotspots: readonly NightHotspot[]): SharedDemand {
  const near = new Map<string, NightHotspot[]>()
  for (const hotspot of hotspots) {
    for (const cell of gridDisk(latLngToCell(hotspot.lat, hotspot.lon, cellResolution), ringsServed)) {
      near.set(cell, [...(near.get(cell) ?? []), hotspot])
    }
  }
  const slots = Math.max(0, ...cells.map(({ pickups }) => pickups.length))
  const parts = new Map<string, Part[]>()
  const ofCell = new Map<string, PoolRates>()
  for (const cell of cells) {
    const drawn = (near.get(cell.cell) ?? []).map((hotspot) => {
      const pull = hotspotPull * Math.max(0, 1 - distanceM(hotspot, cell) / farthestPullM)
      return { hotspotId: hotspot.hotspotId, pull }
    })
    const all = 1 + drawn.reduce((sum, { pull }) => sum + pull, 0)
    ofCell.set(cell.cell, mixed([{ cell, share: 1 / all }], slots))
    for (const { hotspotId, pull } of drawn) {
      if (pull === 0) continue
      parts.set(hotspotId, [...(parts.get(hotspotId) ?? []), { cell, share: pull / all }])
    }
  }
  return {
    ofHotspot: new Map(hotspots.map(({ hotspotId }) => [hotspotId, mixed(parts.get(hotspotId) ?? [], slots)])),
    ofCell,
  }
}

interface Part {
  readonly cell: CellRates
  readonly share: number
}

function mixed(parts: readonly Part[], slots: number): PoolRates {
  const sum = (of: (cell: CellRates) => readonly number[]) =>
    Array.from({ length: slots }, (_, slot) =>
      parts.reduce((all, { cell, share }) => all + share * (of(cell)[slot] ?? 0), 0),
    )
  // The spread of the cell that gives most: sums of several spread less, which only makes the plan a little cautious.
  const most = parts.reduce<Part | null>((a, b) => (a === null || b.share > a.share ? b : a), null)
  return { pickups: sum((c) => c.pickups), returns: sum((c) => c.returns), dispersion: most?.cell.dispersion ?? null }
}
