import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { RingView } from '../../contracts/http/reservations.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import type { Rings } from './ring-service.ts'

const code = Type.String({ pattern: '^[A-Za-z0-9]{4,32}$', description: 'code of the QR sticker, or the bike number' })

/** A bike that rings, so that its rider finds it. */
export const ringApi: (rings: Rings) => FastifyPluginAsyncTypebox = (rings) => async (app) => {
  app.post(
    '/v1/bikes/:code/ring',
    {
      config: { audience: 'rider' },
      schema: {
        tags: ['bikes'],
        summary:
          'Makes a bike ring: one that I ride or have reserved, or whose number I know; at most every 10 seconds',
        params: Type.Object({ code }),
        response: { 202: RingView, 404: Problem, 409: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      const rung = await rings.ring(request.riderId, request.params.code)
      return isRefusal(rung) ? reply.refuse(rung) : reply.code(202).send(rung)
    },
  )

  app.get(
    '/v1/bikes/:code/ring/:commandId',
    {
      config: { audience: 'rider' },
      schema: {
        tags: ['bikes'],
        summary: 'What became of my ring, by the word of the lock',
        params: Type.Object({ code, commandId: Uuid }),
        response: { 200: RingView, 404: Problem },
      },
    },
    async (request, reply) => {
      const { code: asked, commandId } = request.params
      return (await rings.read(request.riderId, asked, commandId)) ?? reply.refuse(refuse('not_found'))
    },
  )
}
