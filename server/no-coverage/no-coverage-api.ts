import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  GrantAnswer,
  GrantRequest,
  PhonePass,
  ReceiptAnswer,
  ReceiptRequest,
} from '../../contracts/http/no-coverage.ts'
import { asId, type TripId, Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { NoCoverage } from './no-coverage-service.ts'

/** A lock without coverage, opened and heard through its rider's phone. */
export const noCoverageApi: (noCoverage: NoCoverage) => FastifyPluginAsyncTypebox = (noCoverage) => async (app) => {
  const tags = ['trips']

  app.post(
    '/v1/no-coverage/grants',
    {
      config: { audience: 'rider', idempotent: true },
      schema: {
        tags,
        summary: "Open my ride's lock through my phone: the answer to a challenge that the lock has just made",
        body: GrantRequest,
        response: { 201: GrantAnswer, 404: Problem, 409: Problem, 422: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      const { tripId, challenge } = request.body
      const answer = await noCoverage.askGrant(request.riderId, { tripId: asId<TripId>(tripId), challenge })
      return isRefusal(answer) ? reply.refuse(answer) : reply.code(201).send(answer)
    },
  )

  app.post(
    '/v1/no-coverage/receipts',
    {
      config: { audience: 'rider' },
      schema: {
        tags,
        summary: 'What the lock told my phone that its bolt did; it counts as if the lock had sent it itself',
        body: ReceiptRequest,
        response: { 200: ReceiptAnswer, 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const { tripId, receipt } = request.body
      const taken = await noCoverage.takeReceipt(request.riderId, asId<TripId>(tripId), receipt)
      return isRefusal(taken) ? reply.refuse(taken) : taken
    },
  )

  app.put(
    '/v1/no-coverage/passes/:tripId',
    {
      config: { audience: 'rider' },
      schema: {
        tags,
        summary: 'How my phone finds the lock of my ride; while it runs, its key and one-time codes',
        params: Type.Object({ tripId: Uuid }),
        response: { 200: PhonePass, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const pass = await noCoverage.passFor(request.riderId, asId<TripId>(request.params.tripId))
      return isRefusal(pass) ? reply.refuse(pass) : reply.header('cache-control', 'no-store').send(pass)
    },
  )
}
