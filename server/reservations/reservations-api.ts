import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { NewReservation, ReservationView } from '../../contracts/http/reservations.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import type { Reservations } from './reservations-service.ts'

/** Keeping a bike for some minutes. */
export const reservationsApi: (
  reservations: Pick<Reservations, 'reserve' | 'current' | 'cancel'>,
) => FastifyPluginAsyncTypebox = (reservations) => async (app) => {
  const tags = ['reservations']

  app.post(
    '/v1/reservations',
    {
      config: { audience: 'rider', idempotent: true },
      schema: {
        tags,
        summary: 'Keeps a free bike for me for 10 minutes; a wait is refused with its end as `detail` (ISO 8601)',
        body: NewReservation,
        response: { 201: ReservationView, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const reserved = await reservations.reserve(request.riderId, request.body.bike)
      return isRefusal(reserved) ? reply.refuse(reserved) : reply.code(201).send(reserved)
    },
  )

  app.get(
    '/v1/reservations/current',
    {
      config: { audience: 'rider' },
      schema: {
        tags,
        summary: 'My reservation; for some minutes also one that ended without my doing',
        response: { 200: ReservationView, 404: Problem },
      },
    },
    async (request, reply) => (await reservations.current(request.riderId)) ?? reply.refuse(refuse('not_found')),
  )

  app.delete(
    '/v1/reservations/current',
    {
      config: { audience: 'rider' },
      schema: { tags, summary: 'Others may have the bike again', response: { 204: Type.Null(), 404: Problem } },
    },
    async (request, reply) => {
      const no = await reservations.cancel(request.riderId)
      return no ? reply.refuse(no) : reply.code(204).send(null)
    },
  )
}
