import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  ZoneCollection,
  ZoneImport,
  ZoneImportResult,
  ZonesScheduled,
  ZonesStock,
  ZoneVersions,
} from '../../contracts/http/zones.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import { EpochMsSchema, epochMs, type Position } from '../../contracts/units.ts'
import { zoneEditsApi } from './zone-edits-api.ts'
import type { ZoneEdits } from './zone-edits-service.ts'
import type { ZoneStock } from './zone-stock.ts'
import type { Zones } from './zones-service.ts'

const largestImportBytes = 5 * 1024 * 1024

/** Zones and hotspots: asked for any moment, changed by whole files or one by one. */
export const zonesApi: (deps: {
  readonly zones: Zones
  readonly edits: ZoneEdits
  readonly stock: ZoneStock
  readonly centre: Position | null
}) => FastifyPluginAsyncTypebox =
  ({ zones, edits, stock, centre }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'desk.see' } as const
    const tags = ['city']

    app.get(
      '/v1/staff/zones',
      {
        config,
        schema: {
          tags,
          summary: 'The zones that hold now or at a moment, as GeoJSON; `download=1` as a file',
          querystring: Type.Object(
            { at: Type.Optional(EpochMsSchema), download: Type.Optional(Type.Literal('1')) },
            { additionalProperties: false },
          ),
          response: { 200: ZoneCollection },
        },
      },
      async (request, reply) => {
        const { at, download } = request.query
        const collection = await zones.collectionAt(at === undefined ? null : epochMs(at))
        if (download !== undefined) reply.header('content-disposition', 'attachment; filename="zones.geojson"')
        // RFC 7946, 12. Plain: the schema's serialiser would try each kind of geometry on thousands of positions.
        return reply.type('application/geo+json').serializer(JSON.stringify).send(collection)
      },
    )

    app.post(
      '/v1/staff/zones/import',
      {
        config: { audience: 'staff', permission: 'zone.edit', audited: 'unless_dry_run' },
        bodyLimit: largestImportBytes,
        schema: {
          tags,
          summary: 'Zones from GeoJSON, all of them or none; `problems` say why none',
          body: ZoneImport,
          response: { 200: ZoneImportResult, 400: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const result = await zones.importZones(request.body, { staffId: request.staffId, centre })
        return isRefusal(result) ? reply.refuse(result) : result
      },
    )

    app.get(
      '/v1/staff/zones/scheduled',
      {
        config,
        schema: {
          tags,
          summary: 'Changes that have not begun yet, the next one first',
          response: { 200: ZonesScheduled },
        },
      },
      () => edits.scheduled(),
    )
    app.get(
      '/v1/staff/zones/stock',
      {
        config,
        schema: { tags, summary: 'How many bikes stand in each zone that holds now', response: { 200: ZonesStock } },
      },
      () => stock.stock(),
    )
    app.get(
      '/v1/staff/zones/:zoneId/versions',
      {
        config,
        schema: {
          tags,
          summary: 'What a zone was and will be, oldest first',
          params: Type.Object({ zoneId: Uuid }),
          response: { 200: ZoneVersions, 404: Problem },
        },
      },
      async (request, reply) => {
        const versions = await zones.versions(request.params.zoneId)
        return isRefusal(versions) ? reply.refuse(versions) : versions
      },
    )
    await app.register(zoneEditsApi({ edits, centre }))
  }
