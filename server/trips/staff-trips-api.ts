import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  EndTripAct,
  ExtendTripAct,
  ReasonOnlyAct,
  RefundTripAct,
  RepriceTripAct,
  StaffTrip,
  StaffTripSearch,
  StaffTrips,
  StaffTripsFound,
  StaffTripsQuery,
  TripAct,
  TripPreview,
  TripPreviewQuery,
  TripTrace,
} from '../../contracts/http/staff-trips.ts'
import { asId, type StaffId, type TripId, Uuid } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import '../platform/http-context.ts'
import type { ActOrder, StaffActs } from './staff-acts.ts'
import type { StaffTripsRoom } from './staff-trips.ts'

const ByTrip = Type.Object({ tripId: Uuid }, { additionalProperties: false })
const tags = ['trips at the desk']

const orderOf = (
  staffId: StaffId,
  params: { readonly tripId: string },
  body: { readonly actId: string; readonly reason: string },
): ActOrder => ({ tripId: asId<TripId>(params.tripId), staffId, actId: body.actId, reason: body.reason })

/** Trips as the desk sees and mends them. Every act has an id of the page's making: a repeat is the same act. */
export const staffTripsApi: (deps: {
  readonly staffTrips: StaffTripsRoom
  readonly staffActs: StaffActs
}) => FastifyPluginAsyncTypebox =
  ({ staffTrips, staffActs }) =>
  async (app) => {
    const seen = { audience: 'staff', permission: 'desk.see' } as const

    app.get(
      '/v1/staff/trips',
      {
        config: seen,
        schema: {
          tags,
          summary: 'Trips now, ended ones or debts, newest first',
          querystring: StaffTripsQuery,
          response: { 200: StaffTrips },
        },
      },
      (request) => staffTrips.list(request.query),
    )
    app.get(
      '/v1/staff/trips/search',
      {
        config: seen,
        schema: {
          tags,
          summary: 'Trips by receipt number, payment reference, bike number or id',
          querystring: StaffTripSearch,
          response: { 200: StaffTripsFound },
        },
      },
      (request) => staffTrips.search(request.query.q),
    )
    app.get(
      '/v1/staff/trips/:tripId',
      {
        config: seen,
        schema: { tags, summary: 'One trip with its story', params: ByTrip, response: { 200: StaffTrip } },
      },
      async (request, reply) =>
        (await staffTrips.view(asId<TripId>(request.params.tripId))) ?? reply.refuse(refuse('not_found')),
    )
    app.get(
      '/v1/staff/trips/:tripId/preview',
      {
        config: seen,
        schema: {
          tags,
          summary: 'What an act would do to the price; nothing changes',
          params: ByTrip,
          querystring: TripPreviewQuery,
          response: { 200: TripPreview },
        },
      },
      async (request, reply) => {
        const answer = await staffTrips.preview(asId<TripId>(request.params.tripId), request.query)
        return isRefusal(answer) ? reply.refuse(answer) : answer
      },
    )
    await app.register(actsApi, { staffActs })
  }

const actsApi: FastifyPluginAsyncTypebox<{ staffActs: StaffActs }> = async (app, { staffActs }) => {
  const response = { 200: TripAct }

  app.post(
    '/v1/staff/trips/:tripId/end',
    {
      config: { audience: 'staff', permission: 'trip.end' },
      schema: {
        tags,
        summary: 'End a ride for its rider, now or as of a moment in the past',
        params: ByTrip,
        body: EndTripAct,
        response,
      },
    },
    async (request, reply) => {
      const { staffId, params, body } = request
      const answer = await staffActs.end(orderOf(staffId, params, body), body.endedAt ?? null)
      return told(request, reply, answer)
    },
  )
  app.post(
    '/v1/staff/trips/:tripId/extend',
    {
      config: { audience: 'staff', permission: 'trip.end' },
      schema: { tags, summary: 'Let a ride last longer', params: ByTrip, body: ExtendTripAct, response },
    },
    async (request, reply) => {
      const { staffId, params, body } = request
      const answer = await staffActs.extend(orderOf(staffId, params, body), body.until)
      return told(request, reply, answer)
    },
  )
  app.post(
    '/v1/staff/trips/:tripId/refund',
    {
      config: { audience: 'staff', permission: 'trip.refund' },
      schema: { tags, summary: 'Give back some of what was taken', params: ByTrip, body: RefundTripAct, response },
    },
    async (request, reply) => {
      const { staffId, params, body } = request
      const answer = await staffActs.refund(orderOf(staffId, params, body), body.amount)
      return told(request, reply, answer)
    },
  )
  app.post(
    '/v1/staff/trips/:tripId/reprice',
    {
      config: { audience: 'staff', permission: 'trip.reprice' },
      schema: {
        tags,
        summary: 'Compute the price anew by the tariff of the ride; only ever cheaper',
        params: ByTrip,
        body: RepriceTripAct,
        response,
      },
    },
    async (request, reply) => {
      const { staffId, params, body } = request
      const { actId: _actId, reason: _reason, ...wanted } = body
      const answer = await staffActs.reprice(orderOf(staffId, params, body), wanted)
      return told(request, reply, answer)
    },
  )
  app.post(
    '/v1/staff/trips/:tripId/forgive',
    {
      config: { audience: 'staff', permission: 'trip.refund' },
      schema: { tags, summary: 'Let a debt go', params: ByTrip, body: ReasonOnlyAct, response },
    },
    async (request, reply) => {
      const { staffId, params, body } = request
      const answer = await staffActs.forgive(orderOf(staffId, params, body))
      return told(request, reply, answer)
    },
  )
  app.post(
    '/v1/staff/trips/:tripId/replay',
    {
      config: { audience: 'staff', permission: 'trip.replay' },
      schema: {
        tags,
        summary: 'Where the rider went; who asks and why is written down',
        params: ByTrip,
        body: ReasonOnlyAct,
        response: { 200: TripTrace },
      },
    },
    async (request, reply) => {
      const { staffId, params, body } = request
      reply.header('cache-control', 'no-store')
      const answer = await staffActs.replay(orderOf(staffId, params, body))
      if (isRefusal(answer)) return reply.refuse(answer)
      request.auditNote = { points: answer.points.length }
      return answer
    },
  )
}

/** What an act came to goes into the log of what colleagues did. */
function told(request: FastifyRequest, reply: FastifyReply, answer: TripAct | Refusal): TripAct | FastifyReply {
  if (isRefusal(answer)) return reply.refuse(answer)
  request.auditNote = { ...answer.result }
  return answer
}
