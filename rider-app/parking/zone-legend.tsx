import type { PublicZones } from '../../contracts/http/city-zones.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'

/** What the zones on the map mean, in words: the same for who does not see them. */
export function ZoneLegend(_: { readonly zones: PublicZones | null; readonly near: MapPoint | null }) {
  return null
}
