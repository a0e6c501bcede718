import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import type { MercatorBox } from '../../contracts/live/mercator-box.ts'
import type { MapBox } from '../../ui-kit/map/map-point.ts'
import type { MapPlace } from './fleet-view.ts'

/** A box of degrees as the table's positions are: Web Mercator × 2³², y growing to the south. */
export const mercatorBox = ({ west, south, east, north }: MapBox): MercatorBox => ({
  west: mercatorX(west),
  east: mercatorX(east),
  north: mercatorY(north),
  south: mercatorY(south),
})

const closeDegrees = 2e-5
const closeZooms = 0.02

/** The same to the digits of an address: a map that is there need not go there. */
export const isSamePlace = (one: MapPlace | null, other: MapPlace | null): boolean =>
  one === null || other === null
    ? one === other
    : Math.abs(one.lat - other.lat) < closeDegrees &&
      Math.abs(one.lon - other.lon) < closeDegrees &&
      Math.abs(one.zoom - other.zoom) < closeZooms
