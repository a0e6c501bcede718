import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { FindQuery, FleetAlarms, FleetTrips, Found } from '../../contracts/http/desk.ts'
import type { Desk } from './desk-service.ts'

/** What the live map's list and search ask for. */
export const deskApi: (desk: Desk) => FastifyPluginAsyncTypebox = (desk) => async (app) => {
  const config = { audience: 'staff', permission: 'desk.see' } as const
  const tags = ['staff']

  app.get(
    '/v1/staff/fleet/trips',
    { config, schema: { tags, summary: 'Since when bikes are ridden', response: { 200: FleetTrips } } },
    () => desk.trips(),
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
