import type { ZoneKind } from '../../contracts/http/zones.ts'

/** In the order in which people look for them. */
export const zoneKinds = [
  'service_area',
  'hotspot',
  'no_parking',
  'no_ride',
  'slow',
] as const satisfies readonly ZoneKind[]
