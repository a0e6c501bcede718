import { latOfMercatorY, lonOfMercatorX } from '../../contracts/live/fleet-frame.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'

/** Where a bike is, or was when it went out of what the map shows; null while nobody knows. */
export const lastPoint = (table: Pick<FleetTable, 'x' | 'y' | 'placed'>, row: number): MapPoint | null =>
  table.placed[row] === 0
    ? null
    : { lon: lonOfMercatorX(table.x[row] as number), lat: latOfMercatorY(table.y[row] as number) }
