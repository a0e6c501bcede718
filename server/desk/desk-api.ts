import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { FindQuery, FleetAlarms, FleetFacts, Found } from '../../contracts/http/desk.ts'
import type { Desk } from './desk-service.ts'

/** What the live map's list and search ask for. */
export const deskApi: (desk: Desk) => FastifyPluginAsyncTypebox = (desk) => async (app) => {
  const config = { audience: 'staff', permission: 'desk.see' } as const
  const tags = ['staff']

  app.get(
    '/v1/staff/fleet/facts',
    {
      config,
      schema: {
        tags,
        summary: 'Battery, last word, model and trip of every bike, as columns',
        response: { 200: FleetFacts },
      },
    },
    // Plain: the columns are made here, and a schema's serialiser takes longer over half a million numbers.
    async (_request, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send(await desk.facts()),
  )

  app.get(
    '/v1/staff/fleet/alarms',
    { config, schema: { tags, summary: 'Which bikes have open alarms', response: { 200: FleetAlarms } } },
    () => desk.alarms(),
  )

  app.get(
    '/v1/staff/find',
    {
      config,
      schema: {
        tags,
        summary: 'The bike or trip that a number, code, link, lock id, trip id or receipt belongs to',
        querystring: FindQuery,
        response: { 200: Found },
      },
    },
    ({ query }) => desk.find(query.q),
  )
}
