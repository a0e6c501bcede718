import { type FastifyPluginAsyncTypebox, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  Appeals as AppealList,
  AppealsQuery,
  AppealView,
  DecideAppeal,
  NewAppeal,
  StaffAppeal,
  StaffAppeals,
  StaffAppealsQuery,
} from '../../contracts/http/appeals.ts'
import { asId, type TripId, Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import '../platform/http-context.ts'
import type { Appeals } from './appeals-service.ts'

const ByTrip = Type.Object({ tripId: Uuid })
const ByAppeal = Type.Object({ appealId: Uuid })
const tags = ['appeals']
/** From one rider: a few rides, each a few times. */
const appealsPerHour = 20

/** Riders appeal a price; colleagues answer in time, or it is accepted by itself. */
export const appealsApi: (appeals: Appeals) => FastifyPluginAsyncTypebox = (appeals) => async (app) => {
  await app.register(riderAppeals(appeals))
  await app.register(deskAppeals(appeals))
}

const riderAppeals =
  (appeals: Appeals): FastifyPluginAsyncTypebox =>
  async (app) => {
    const config = { audience: 'rider' } as const
    app.post(
      '/v1/trips/:tripId/appeals',
      {
        config: {
          ...config,
          rateLimit: {
            max: appealsPerHour,
            timeWindow: 3_600_000,
            hook: 'preHandler',
            keyGenerator: (request) => request.riderId,
          },
        },
        schema: {
          tags,
          summary: 'Appeal the price of my ride; not answered in time, it is accepted',
          params: ByTrip,
          body: NewAppeal,
          response: { 201: AppealView, 404: Problem, 409: Problem, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const made = await appeals.make(request.riderId, asId<TripId>(request.params.tripId), request.body)
        return isRefusal(made) ? reply.refuse(made) : reply.code(201).send(made)
      },
    )
    app.get(
      '/v1/appeals',
      {
        config,
        schema: { tags, summary: 'My appeals, newest first', querystring: AppealsQuery, response: { 200: AppealList } },
      },
      (request) => appeals.list(request.riderId, request.query),
    )
    app.get(
      '/v1/appeals/:appealId',
      { config, schema: { tags, summary: 'My appeal', params: ByAppeal, response: { 200: AppealView, 404: Problem } } },
      async (request, reply) => {
        const view = await appeals.view(request.riderId, request.params.appealId)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
    app.post(
      '/v1/appeals/:appealId/withdraw',
      {
        config,
        schema: {
          tags,
          summary: 'Take my appeal back',
          params: ByAppeal,
          response: { 200: AppealView, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const view = await appeals.withdraw(request.riderId, request.params.appealId)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
  }

const deskAppeals =
  (appeals: Appeals): FastifyPluginAsyncTypebox =>
  async (app) => {
    const seen = { audience: 'staff', permission: 'appeal.see' } as const
    app.get(
      '/v1/staff/appeals',
      {
        config: seen,
        schema: {
          tags,
          summary: 'Open appeals by deadline, or those that were decided',
          querystring: StaffAppealsQuery,
          response: { 200: StaffAppeals },
        },
      },
      (request) => appeals.staffList(request.query),
    )
    app.get(
      '/v1/staff/appeals/:appealId',
      {
        config: seen,
        schema: { tags, summary: 'One appeal', params: ByAppeal, response: { 200: StaffAppeal, 404: Problem } },
      },
      async (request, reply) => {
        const view = await appeals.staffView(request.params.appealId)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
    app.post(
      '/v1/staff/appeals/:appealId/decision',
      {
        config: { audience: 'staff', permission: 'appeal.decide' },
        // The usual one makes other kinds of decisions fit that have more to them.
        validatorCompiler: TypeBoxValidatorCompiler,
        schema: {
          tags,
          summary: 'Accept, accept in part, or deny with a sentence for the rider',
          params: ByAppeal,
          body: DecideAppeal,
          response: { 200: StaffAppeal, 404: Problem, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const view = await appeals.decide(request.params.appealId, request.body.decision, request.staffId)
        if (isRefusal(view)) return reply.refuse(view)
        request.auditNote = { state: view.state, refundMinor: view.refundMinor }
        return view
      },
    )
  }
