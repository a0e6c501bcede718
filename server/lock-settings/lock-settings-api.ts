import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  BikeLockSettings,
  FleetLockSettings,
  NewBikeSettings,
  NewFleetSettings,
} from '../../contracts/http/lock-settings.ts'
import { asId, type BikeId, Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { LockSettingsRoom } from './lock-settings-service.ts'

const OfBike = Type.Object({ bikeId: Uuid })
const tags = ['staff']

/** Routes of what is set in locks: in all, and in one. */
export const lockSettingsApi: (room: LockSettingsRoom) => FastifyPluginAsyncTypebox = (room) => async (app) => {
  app.get(
    '/v1/staff/bikes/:bikeId/lock-settings',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: {
        tags,
        summary: "What is set in a bike's lock, whether it goes by that, and who set it",
        params: OfBike,
        response: { 200: BikeLockSettings, 404: Problem },
      },
    },
    async (request, reply) => {
      const view = await room.ofBike(asId<BikeId>(request.params.bikeId))
      return isRefusal(view) ? reply.refuse(view) : view
    },
  )

  app.put(
    '/v1/staff/bikes/:bikeId/lock-settings',
    {
      config: { audience: 'staff', permission: 'bike.command' },
      // "Nothing of its own" is null, which the usual compiler would turn into an empty object.
      validatorCompiler: TypeBoxValidatorCompiler,
      schema: {
        tags,
        summary: "Sets something in one bike's lock; null gives it back to what all have",
        params: OfBike,
        body: NewBikeSettings,
        response: { 200: BikeLockSettings, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const view = await room.setBike(asId<BikeId>(request.params.bikeId), request.staffId, request.body)
      return isRefusal(view) ? reply.refuse(view) : view
    },
  )

  app.get(
    '/v1/staff/lock-settings',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: {
        tags,
        summary: 'What is set in every lock, and how many go by it',
        response: { 200: FleetLockSettings },
      },
    },
    async () => room.ofFleet(),
  )

  app.put(
    '/v1/staff/lock-settings',
    {
      config: { audience: 'staff', permission: 'lock.settings' },
      schema: {
        tags,
        summary: 'Sets something in every lock; each takes it as soon as it hears of it',
        body: NewFleetSettings,
        response: { 200: FleetLockSettings, 409: Problem },
      },
    },
    async (request, reply) => {
      const view = await room.setFleet(request.staffId, request.body)
      return isRefusal(view) ? reply.refuse(view) : view
    },
  )
}
