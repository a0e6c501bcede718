import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { assert } from '../../contracts/assert.ts'
import { BikeByCode, BikeByCodeQuery } from '../../contracts/http/bikes.ts'
import type { LockId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { tariffAt } from './trip-store.ts'

/** A bike as it stands before the rider. */
export interface OfferedBike {
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
  /** Somebody scanned a bike that cannot be taken. */
  scannedInVain: (scan: { readonly searchId: string; readonly lockId: LockId }) => void
}) => FastifyPluginAsyncTypebox =
  ({ db, clock, bikeByCode, lookUpsPerMinute, scannedInVain }) =>
  async (app) => {
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
        const tariff = await tariffAt(db, clock.nowMs())
        assert(tariff, 'a tariff holds at any time')
        const refusal = bike.refusal?.code ?? (bike.inUse ? 'bike_in_use' : null)
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
          terms: {
            tariffId: tariff.tariffId,
            currency: tariff.currency,
            unlockFee: tariff.unlockMinor,
            perMinute: tariff.perMinuteMinor,
            pausePerMinute: tariff.pausePerMinuteMinor,
            dayCap: tariff.dayCapMinor,
            freeExitMinutes: Math.floor(tariff.freeExitMs / 60_000),
            hold: tariff.holdMinor,
          },
        }
      },
    )
  }
