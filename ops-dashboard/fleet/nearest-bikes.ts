import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { lastPoint } from './last-point.ts'

export interface NearBike {
  readonly row: number
  readonly metres: number
}

const metresPerDegree = 111_320

/** The bikes that are nearest to one, as the crow flies; none while nobody knows where it is. */
export function nearestBikes(
  table: Pick<FleetTable, 'count' | 'x' | 'y' | 'placed'>,
  row: number,
  most: number,
): readonly NearBike[] {
  const here = lastPoint(table, row)
  if (here === null) return []
  // in Mercator units: one scale for all directions as near as that
  const metresPerUnit = (360 / 2 ** 32) * metresPerDegree * Math.cos((here.lat * Math.PI) / 180)
  const near: NearBike[] = []
  for (let other = 0; other < table.count; other++) {
    if (other === row || table.placed[other] === 0) continue
    const dx = (table.x[other] as number) - (table.x[row] as number)
    const dy = (table.y[other] as number) - (table.y[row] as number)
    const metres = Math.hypot(dx, dy) * metresPerUnit
    const last = near.at(-1)
    if (near.length === most && last !== undefined && metres >= last.metres) continue
    const at = near.findIndex((one) => one.metres > metres)
    near.splice(at < 0 ? near.length : at, 0, { row: other, metres })
    if (near.length > most) near.pop()
  }
  return near
}
