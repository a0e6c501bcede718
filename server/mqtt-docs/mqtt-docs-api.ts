import type { FastifyPluginAsync } from 'fastify'
import { asyncApiDocument } from '../../contracts/mqtt/asyncapi.ts'
import { mqttPage, mqttPagePolicy } from './mqtt-page.ts'
import '../platform/http-context.ts'

/** The contract of locks, for people and for machines. Made once: it changes with the code only. */
export const mqttDocsApi: FastifyPluginAsync = async (app) => {
  const document = JSON.stringify(asyncApiDocument())
  const page = mqttPage()
  const open = { config: { audience: 'public' }, schema: { hide: true } } as const
  app.get('/docs/mqtt', open, async (_, reply) =>
    reply.header('content-security-policy', mqttPagePolicy).type('text/html; charset=utf-8').send(page),
  )
  app.get('/docs/mqtt/asyncapi.json', open, async (_, reply) => reply.type('application/json').send(document))
}
