import { Type } from 'typebox'
import { Currency, Latitude, Longitude } from '../units.ts'

/** GET /v1/config: what the pages must know before anybody logs in. */
export const PublicConfig = Type.Object({
  demo: Type.Boolean({ description: 'a simulated city runs: /demo is there' }),
  mapboxToken: Type.Union([Type.String(), Type.Null()]),
  tilesUrl: Type.String({ description: 'template with {z}, {x} and {y}' }),
  minZoom: Type.Integer({ minimum: 0, maximum: 22 }),
  maxZoom: Type.Integer({ minimum: 0, maximum: 22 }),
  cityName: Type.String(),
  centre: Type.Object({ lon: Longitude, lat: Latitude }),
  timeZone: Type.String(),
  citySpeed: Type.Number({ minimum: 0.01, maximum: 1_000 }),
  currency: Currency,
})
export type PublicConfig = Type.Static<typeof PublicConfig>
