import { Type } from 'typebox'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'

const Count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

/** GET /v1/staff/demand and /v1/staff/demand/summary: every half hour that the time from `from` to `to` touches. */
export const DemandQuery = Type.Object({ from: EpochMsSchema, to: EpochMsSchema }, { additionalProperties: false })

/** How often people took, left and looked for a bike in one H3 cell (resolution 9, about 0.1 km²). */
export const DemandCell = Type.Object({
  cell: Type.String({ pattern: '^[0-9a-f]{15}$', description: 'H3 index' }),
  /** Its centre. */
  lon: Longitude,
  lat: Latitude,
  pickups: Count,
  dropoffs: Count,
  searches: Count,
  /** Searches that found no bike within 200 m. */
  unmet: Count,
  /** Minutes without a bike that could be rented. */
  emptyMinutes: Type.Number({ minimum: 0 }),
})
export const DemandCells = Type.Object({ cells: Type.Array(DemandCell, { maxItems: 20_000 }) })
export type DemandCells = Type.Static<typeof DemandCells>

/** One less `unmet / searches` is the share of searches that found a bike within 200 m. */
export const DemandSummary = Type.Object({ searches: Count, unmet: Count })
export type DemandSummary = Type.Static<typeof DemandSummary>
