import { Type } from 'typebox'

/** A string or number that cannot be mistaken for another of the same shape. */
export type Branded<T, Name extends string> = T & { readonly __brand: Name }

export type BikeId = Branded<string, 'BikeId'>
/** Opaque, never printed on the bike. `[a-z0-9-]{6,32}`: MQTT client id and, in production, certificate CN. */
export type LockId = Branded<string, 'LockId'>
/** The opaque public code in the bike's QR code. It identifies, it authorises nothing. */
export type BikeCode = Branded<string, 'BikeCode'>
/** The number printed large on the bike; its last digit is a check digit. */
export type BikeNumber = Branded<string, 'BikeNumber'>
export type RiderId = Branded<string, 'RiderId'>
export type StaffId = Branded<string, 'StaffId'>
export type TripId = Branded<string, 'TripId'>
export type PaymentId = Branded<string, 'PaymentId'>
export type CommandId = Branded<string, 'CommandId'>
export type TariffId = Branded<string, 'TariffId'>

/** Stamps a plain string with its meaning; only at borders, after a schema has checked it. */
export const asId = <T extends Branded<string, string>>(value: string): T => value as T

const uuidPattern = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
export const lockIdPattern = '^[a-z0-9-]{6,32}$'

export const Uuid = Type.String({ pattern: uuidPattern, description: 'lower-case UUID' })
export const LockIdSchema = Type.String({ pattern: lockIdPattern })
export const BikeCodeSchema = Type.String({
  pattern: '^[A-Za-z0-9]{8,32}$',
  description: 'opaque code of the QR sticker',
})
export const BikeNumberSchema = Type.String({ pattern: '^[0-9]{4,8}$', description: 'number printed on the bike' })
