import { facingOut } from './read-zones.ts'
import type { ZoneShape } from './zone-draft.ts'

/** Whether a draft says just what is kept already. */
export function isSameShape(draft: ZoneShape, known: ZoneShape): boolean {
  const said = ({ kind, name, capacity, minBikes, maxBikes, maxSpeedKmh }: ZoneShape) =>
    JSON.stringify([kind, name, capacity, minBikes, maxBikes, maxSpeedKmh])
  if (said(draft) !== said(known)) return false
  // The database keeps a radius in four bytes.
  const radius = ({ radiusM }: ZoneShape) => (radiusM === null ? null : Math.fround(radiusM))
  if (radius(draft) !== radius(known)) return false
  return draft.radiusM === null
    ? JSON.stringify(draft.polygons.map(facingOut)) === JSON.stringify(known.polygons)
    : JSON.stringify(draft.centre) === JSON.stringify(known.centre)
}
