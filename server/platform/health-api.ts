import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { refuse } from '../../contracts/refusals.ts'
import type { Database } from './database.ts'
import type { Metrics } from './metrics.ts'

/** `/health`: the process answers. `/ready`: it can do its work. `/metrics`: what it did. */
export const healthApi: (deps: {
  db: Database
  metrics: Metrics
  isStopping: () => boolean
}) => FastifyPluginAsyncTypebox =
  ({ db, metrics, isStopping }) =>
  async (app) => {
    const config = { audience: 'public', rateLimit: false } as const
    const Fine = Type.Object({ status: Type.Literal('ok') })

    app.get('/health', { config, schema: { tags: ['operation'], response: { 200: Fine } } }, async () => ({
      status: 'ok' as const,
    }))
    app.get('/ready', { config, schema: { tags: ['operation'], response: { 200: Fine } } }, async (request, reply) => {
      if (isStopping()) return reply.refuse(refuse('shutting_down'))
      try {
        await db.query('SELECT 1')
      } catch (error) {
        request.log.warn({ err: error }, 'not ready: the database does not answer')
        return reply.refuse(refuse('shutting_down', 'The database does not answer.'))
      }
      return { status: 'ok' as const }
    })
    app.get('/metrics', { config, schema: { tags: ['operation'] } }, async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()),
    )
  }
