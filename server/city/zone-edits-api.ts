import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  ZoneBringBack,
  ZoneCallOff,
  ZoneEditResult,
  ZoneNewest,
  ZoneRemoval,
  ZoneSave,
} from '../../contracts/http/zones.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { Position } from '../../contracts/units.ts'
import type { ZoneEdits } from './zone-edits-service.ts'

/** A zone of 50 rings, drawn as finely as it may be. */
const largestZoneBytes = 1024 * 1024
const Zone = Type.Object({ zoneId: Uuid })
const ZoneAndVersion = Type.Object({ zoneId: Uuid, version: Type.Integer({ minimum: 1, maximum: 1_000_000 }) })

/** One zone at a time: what it is, what it shall be, and back. Each change can be tried first (`dryRun`). */
export const zoneEditsApi: (deps: {
  readonly edits: ZoneEdits
  readonly centre: Position | null
}) => FastifyPluginAsyncTypebox =
  ({ edits, centre }) =>
  async (app) => {
    const tags = ['city']
    const config = { audience: 'staff', permission: 'zone.edit', audited: 'unless_dry_run' } as const
    const response = { 200: ZoneEditResult, 400: Problem, 404: Problem, 409: Problem, 429: Problem }
    app.get(
      '/v1/staff/zones/:zoneId',
      {
        config: { audience: 'staff', permission: 'desk.see' },
        schema: {
          tags,
          summary: 'The newest word on a zone',
          params: Zone,
          response: { 200: ZoneNewest, 404: Problem },
        },
      },
      async (request, reply) => {
        const newest = await edits.newest(request.params.zoneId)
        if (isRefusal(newest)) return reply.refuse(newest)
        // Plain, as the collection: thousands of positions.
        return reply.serializer(JSON.stringify).send(newest)
      },
    )
    app.post(
      '/v1/staff/zones/:zoneId/versions',
      {
        config,
        bodyLimit: largestZoneBytes,
        schema: {
          tags,
          summary: 'Saves a zone as it was drawn, now or for later',
          params: Zone,
          body: ZoneSave,
          response,
        },
      },
      async (request, reply) => {
        const { params, body, staffId } = request
        const result = await edits.save(params.zoneId, body, { staffId, centre })
        return isRefusal(result) ? reply.refuse(result) : result
      },
    )
    app.post(
      '/v1/staff/zones/:zoneId/removal',
      { config, schema: { tags, summary: 'Removes a zone, now or later', params: Zone, body: ZoneRemoval, response } },
      async (request, reply) => {
        const { params, body, staffId } = request
        const result = await edits.remove(params.zoneId, body, { staffId, centre })
        return isRefusal(result) ? reply.refuse(result) : result
      },
    )
    app.post(
      '/v1/staff/zones/:zoneId/bring-back',
      {
        config,
        schema: { tags, summary: 'Makes an older version the newest', params: Zone, body: ZoneBringBack, response },
      },
      async (request, reply) => {
        const { params, body, staffId } = request
        const result = await edits.bringBack(params.zoneId, body, { staffId, centre })
        return isRefusal(result) ? reply.refuse(result) : result
      },
    )
    app.post(
      '/v1/staff/zones/:zoneId/versions/:version/call-off',
      {
        config,
        schema: { tags, summary: 'A change that has not begun', params: ZoneAndVersion, body: ZoneCallOff, response },
      },
      async (request, reply) => {
        const { params, body, staffId } = request
        const result = await edits.callOff(params.zoneId, params.version, body, { staffId, centre })
        return isRefusal(result) ? reply.refuse(result) : result
      },
    )
  }
