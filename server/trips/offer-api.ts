import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { assert } from '../../contracts/assert.ts'
import { BikeByCode, BikeByCodeQuery, Terms } from '../../contracts/http/bikes.ts'
import type { BikeId, LockId, RiderId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Tariff } from './core/fare.ts'
import { tariffAt } from './trip-store.ts'

/** A bike as it stands before the rider. */
export interface OfferedBike {
  readonly bikeId: BikeId
  readonly code: string
  readonly number: string
  readonly model: string
  readonly batteryPercent: number
  readonly refusal: Refusal | null
  readonly inUse: boolean
  readonly lockId: LockId
}

const params = Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9]{4,32}$' }) })

/** What the QR code on a bike leads to: which bike it is, whether it can be had, and what it would cost. */
export const offerApi: (deps: {
  db: Database
  clock: Clock
  bikeByCode: (codeOrNumber: string) => OfferedBike | null
  /** Per caller and minute: codes must not be found by trying. */
  lookUpsPerMinute: number
  /** Who has it reserved: nobody else may rent it. */
  reservedBy: (bikeId: BikeId) => Promise<RiderId | null>
  /** The logged-in rider of a public request, if there is one. */
  riderOf: (request: FastifyRequest) => Promise<RiderId | null>
  /** Somebody scanned a bike that cannot be taken. */
  scannedInVain: (scan: { readonly searchId: string; readonly lockId: LockId }) => void
}) => FastifyPluginAsyncTypebox =
  ({ db, clock, bikeByCode, lookUpsPerMinute, reservedBy, riderOf, scannedInVain }) =>
  async (app) => {
    const termsNow = async (): Promise<Terms> => {
      const tariff = await tariffAt(db, clock.nowMs())
      assert(tariff, 'a tariff holds at any time')
      return termsOf(tariff)
    }

    app.get(
      '/v1/terms',
      {
        config: { audience: 'public' },
        schema: { tags: ['bikes'], summary: 'What a ride costs that begins now', response: { 200: Terms } },
      },
      termsNow,
    )

    app.get(
      '/v1/bikes/by-code/:code',
      {
        config: { audience: 'public', rateLimit: { max: lookUpsPerMinute, timeWindow: 60_000 } },
        schema: {
          tags: ['bikes'],
          summary: 'The bike with this QR code or number',
          params,
          querystring: BikeByCodeQuery,
          response: { 200: BikeByCode },
        },
      },
      async (request, reply) => {
        const bike = bikeByCode(request.params.code)
        if (!bike) return reply.refuse(refuse('bike_unknown'))
        const keptFor = await reservedBy(bike.bikeId)
        const isKept = keptFor !== null && keptFor !== (await riderOf(request))
        const refusal = bike.refusal?.code ?? (bike.inUse ? 'bike_in_use' : isKept ? 'bike_reserved' : null)
        // Pages ask for the terms of a ride that goes on too: only who says that it is a scan is counted.
        const { search } = request.query
        if (refusal !== null && search !== undefined) scannedInVain({ searchId: search, lockId: bike.lockId })
        return {
          code: bike.code,
          number: bike.number,
          model: bike.model,
          batteryPercent: bike.batteryPercent,
          rentable: refusal === null,
          refusal,
          terms: await termsNow(),
        }
      },
    )
  }

const termsOf = (tariff: Tariff): Terms => ({
  tariffId: tariff.tariffId,
  currency: tariff.currency,
  unlockFee: tariff.unlockMinor,
  perMinute: tariff.perMinuteMinor,
  pausePerMinute: tariff.pausePerMinuteMinor,
  dayCap: tariff.dayCapMinor,
  freeExitMinutes: Math.floor(tariff.freeExitMs / 60_000),
  hold: tariff.holdMinor,
  wrongPlaceFee: tariff.wrongPlaceMinor,
  noParkingFee: tariff.noParkingMinor,
})
