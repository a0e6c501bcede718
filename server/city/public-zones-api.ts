import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { PublicZones, PublicZonesQuery } from '../../contracts/http/city-zones.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { PublicZoneReader } from './public-zones.ts'

/** Seconds: a zone that begins to hold is on everybody's map soon after. */
const freshFor = 30

/** Where one may park: on the map before anybody logs in. */
export const publicZonesApi: (deps: { readonly zones: PublicZoneReader }) => FastifyPluginAsyncTypebox =
  ({ zones }) =>
  async (app) => {
    app.get(
      '/v1/zones',
      {
        config: { audience: 'public' },
        schema: {
          tags: ['city'],
          summary: 'The zones that hold now in a box of degrees, as GeoJSON, and what the wrong place costs',
          querystring: PublicZonesQuery,
          response: { 200: PublicZones, 304: Type.Null(), 400: Problem },
        },
      },
      async (request, reply) => {
        const answer = await zones.read(request.query)
        if (isRefusal(answer)) return reply.refuse(answer)
        void reply.header('cache-control', `public, max-age=${freshFor}`).header('etag', answer.etag)
        if (request.headers['if-none-match'] === answer.etag) return reply.code(304).send(null)
        // RFC 7946, 12. Made already: the schema's serialiser would try each kind of geometry on thousands of positions.
        return reply
          .type('application/geo+json')
          .serializer((body: unknown) => String(body))
          .send(answer.body as unknown as PublicZones)
      },
    )
  }
