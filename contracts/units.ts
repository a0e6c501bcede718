import { Type } from 'typebox'
import type { Branded } from './ids.ts'

/** City time, milliseconds since 1970 UTC. Everything that business rules compare. */
export type EpochMs = Branded<number, 'EpochMs'>
/** The machine's own wall clock, milliseconds since 1970 UTC: log-ins, provider timestamps, leases. */
export type RealMs = Branded<number, 'RealMs'>
/** Milliseconds since a lock's boot, by its own oscillator. */
export type UptimeMs = Branded<number, 'UptimeMs'>
export type Metres = Branded<number, 'Metres'>
/** Integer minor units (fen, cents). Never a fraction; safe far beyond any fare. */
export type MinorUnits = Branded<number, 'MinorUnits'>

export const epochMs = (value: number): EpochMs => value as EpochMs
export const realMs = (value: number): RealMs => value as RealMs
export const uptimeMs = (value: number): UptimeMs => value as UptimeMs
export const metres = (value: number): Metres => value as Metres
export const minor = (value: number): MinorUnits => value as MinorUnits

/** 2020-01-01 to 2100-01-01: outside of it a clock is broken. */
export const earliestPlausibleMs = 1_577_836_800_000
export const latestPlausibleMs = 4_102_444_800_000

export const EpochMsSchema = Type.Integer({
  minimum: earliestPlausibleMs,
  maximum: latestPlausibleMs,
  description: 'milliseconds since 1970 UTC, city time',
})
export const Longitude = Type.Number({ minimum: -180, maximum: 180, description: 'degrees east, WGS 84' })
export const Latitude = Type.Number({ minimum: -85, maximum: 85, description: 'degrees north, WGS 84' })
export const largestAmountMinor = 100_000_000
export const AmountMinor = Type.Integer({
  minimum: -largestAmountMinor,
  maximum: largestAmountMinor,
  description: 'integer minor units of the currency',
})
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })
export const MoneySchema = Type.Object({ amount: AmountMinor, currency: Currency })

export interface Position {
  readonly lon: number
  readonly lat: number
}

const earthRadiusM = 6_371_008.8
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Great-circle distance on the mean Earth radius (haversine), metres. */
export function distanceM(a: Position, b: Position): Metres {
  const dLat = radians(b.lat - a.lat)
  const dLon = radians(b.lon - a.lon)
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2
  return metres(2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(h))))
}
