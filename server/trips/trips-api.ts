import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ParkingAdvice } from '../../contracts/http/parking.ts'
import { EndTrip, FreeExit, StartTrip, Trips as TripList, TripsQuery, TripView } from '../../contracts/http/trips.ts'
import { asId, type PaymentId, type TripId, Uuid } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs, latestPlausibleMs } from '../../contracts/units.ts'
import { riderCookie, tokenOf } from '../platform/audience-guard.ts'
import type { ParkingAdviser } from './parking-advice.ts'
import type { TripStreams } from './trip-streams.ts'
import type { Trips } from './trips-service.ts'

const TripParams = Type.Object({ tripId: Uuid })

export const tripsApi: (deps: {
  trips: Trips
  streams: TripStreams
  parking: ParkingAdviser
  /** Whether who asked is still logged in: a stream outlives its request. */
  isAlive: (token: string) => Promise<boolean>
}) => FastifyPluginAsyncTypebox =
  ({ trips, streams, parking, isAlive }) =>
  async (app) => {
    const tags = ['trips']
    const answer = { 200: TripView }

    app.post(
      '/v1/trips',
      {
        config: { audience: 'rider', idempotent: true },
        schema: {
          tags,
          summary: 'Unlock a bike: the ride starts when its lock opens',
          body: StartTrip,
          response: { 201: TripView },
        },
      },
      async (request, reply) => {
        const { bikeCode, promiseId } = request.body
        const started = await trips.start(request.riderId, { bikeCode, promiseId: asId<PaymentId>(promiseId) })
        return isRefusal(started) ? reply.refuse(started) : reply.code(201).send(started)
      },
    )

    app.get(
      '/v1/trips',
      {
        config: { audience: 'rider' },
        schema: { tags, summary: 'My rides, newest first', querystring: TripsQuery, response: { 200: TripList } },
      },
      async (request) => {
        const before = epochMs(request.query.before ?? latestPlausibleMs)
        return { trips: await trips.history(request.riderId, before, request.query.limit ?? 20) }
      },
    )

    app.get(
      '/v1/trips/:tripId',
      { config: { audience: 'rider' }, schema: { tags, summary: 'My ride now', params: TripParams, response: answer } },
      async (request, reply) => {
        const view = await trips.view(request.riderId, asId<TripId>(request.params.tripId))
        return view ?? reply.refuse(refuse('not_found'))
      },
    )

    app.get(
      '/v1/trips/:tripId/parking',
      {
        config: { audience: 'rider' },
        schema: {
          tags,
          summary: 'What closing the lock here and now would mean; of a ride that is over, what it did',
          params: TripParams,
          response: { 200: ParkingAdvice },
        },
      },
      async (request, reply) => {
        const advice = await parking.advise(request.riderId, asId<TripId>(request.params.tripId))
        return advice ?? reply.refuse(refuse('not_found'))
      },
    )

    app.get(
      '/v1/trips/:tripId/events',
      {
        config: { audience: 'rider' },
        schema: { tags, summary: 'My ride as a stream of server-sent events, one TripView each', params: TripParams },
      },
      async (request, reply) => {
        const { riderId } = request
        const tripId = asId<TripId>(request.params.tripId)
        if (!(await trips.view(riderId, tripId))) return reply.refuse(refuse('not_found'))
        const token = tokenOf(request, riderCookie) ?? ''
        streams.open(reply, tripId, async () => ((await isAlive(token)) ? trips.view(riderId, tripId) : null))
        return reply
      },
    )

    const act = (
      path: string,
      summary: string,
      perform: (riderId: Parameters<Trips['pause']>[0], tripId: TripId) => Promise<TripView | Refusal>,
    ) =>
      app.post(
        path,
        { config: { audience: 'rider' }, schema: { tags, summary, params: TripParams, response: answer } },
        async (request, reply) => {
          const view = await perform(request.riderId, asId<TripId>((request.params as { tripId: string }).tripId))
          return isRefusal(view) ? reply.refuse(view) : view
        },
      )
    act('/v1/trips/:tripId/pause', 'The next closing of the lock pauses the ride', trips.pause)
    act('/v1/trips/:tripId/resume', 'Unlock the paused bike again', trips.resume)
    act('/v1/trips/:tripId/cancel', 'Stop before the lock was asked', trips.cancel)

    app.post(
      '/v1/trips/:tripId/end',
      {
        config: { audience: 'rider' },
        schema: {
          tags,
          summary: 'End a ride that closing the lock did not end',
          params: TripParams,
          body: EndTrip,
          response: answer,
        },
      },
      async (request, reply) => {
        const view = await trips.end(request.riderId, asId<TripId>(request.params.tripId), request.body.reason)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )

    app.post(
      '/v1/trips/:tripId/free-exit',
      {
        config: { audience: 'rider' },
        schema: {
          tags,
          summary: 'A ride of under three minutes that something was wrong with costs nothing',
          params: TripParams,
          body: FreeExit,
          response: answer,
        },
      },
      async (request, reply) => {
        const view = await trips.freeExit(request.riderId, asId<TripId>(request.params.tripId), request.body.reason)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
  }
