import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  DataExport,
  DataExports,
  ErasureAccepted,
  ErasureRequest,
  ExportRequest,
  RiderDevices,
} from '../../contracts/http/my-data.ts'
import { CodeSent } from '../../contracts/http/riders.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import { riderCookie, tokenOf } from '../platform/audience-guard.ts'
import type { Database } from '../platform/database.ts'
import { codeLifetimeMs, codeResendMs } from './core/one-time-code.ts'
import type { Erasures } from './erasures.ts'
import type { MyData } from './my-data.ts'
import { hashOfToken, type Sessions } from './sessions.ts'

export interface MyDataApiDeps {
  readonly db: Database
  readonly sessions: Sessions
  readonly myData: MyData
}

/** Asked for by a person, at most some times a minute. */
const limited = { rateLimit: { max: 20, timeWindow: 60_000 } } as const

/** A rider's own: where I am logged in, a copy of what is kept of me, and the end of it. */
export const myDataApi: (deps: MyDataApiDeps) => FastifyPluginAsyncTypebox =
  ({ db, sessions, myData }) =>
  async (app) => {
    const config = { audience: 'rider' } as const
    const tags = ['my data']

    app.get(
      '/v1/me/sessions',
      { config, schema: { tags, summary: 'Where I am logged in', response: { 200: RiderDevices } } },
      async (request) => {
        const own = hashOfToken(tokenOf(request, riderCookie) ?? '')
        const rows = await sessions.listOfRider(request.riderId)
        return {
          sessions: rows.map(({ sessionId, tokenHash, agent, createdAtMs, seenAtMs }) => ({
            sessionId,
            agent,
            since: epochMs(createdAtMs),
            seenAt: epochMs(seenAtMs),
            isThis: own.equals(tokenHash),
          })),
        }
      },
    )

    app.delete(
      '/v1/me/sessions/:sessionId',
      {
        config,
        schema: {
          tags,
          summary: 'Log out there',
          params: Type.Object({ sessionId: Uuid }),
          response: { 204: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const { sessionId } = request.params
        const ended = await db.transaction((tx) => sessions.endOfRider(tx, request.riderId, sessionId))
        return ended === 0 ? reply.refuse(refuse('not_found')) : reply.code(204).send(null)
      },
    )

    const sendsCode = (path: string, summary: string, send: Erasures['sendCode']) =>
      app.post(
        path,
        { config: { ...config, ...limited }, schema: { tags, summary, response: { 202: CodeSent } } },
        async (request, reply) => {
          const no = await send(request.riderId)
          if (no) return reply.refuse(no)
          return reply.code(202).send({ expiresInS: codeLifetimeMs / 1_000, resendAfterS: codeResendMs / 1_000 })
        },
      )
    sendsCode('/v1/me/exports/codes', 'Send the code that makes a copy, to my own address', myData.exports.sendCode)
    sendsCode('/v1/me/erasure/codes', 'Send the code that deletes, to my own address', myData.erasures.sendCode)

    app.post(
      '/v1/me/exports',
      {
        config: { ...config, ...limited },
        schema: {
          tags,
          summary: 'Ask for a copy of my data; at most three a day',
          body: ExportRequest,
          response: { 202: DataExport, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const asked = await myData.exports.ask(request.riderId, request.body.code)
        return isRefusal(asked) ? reply.refuse(asked) : reply.code(202).send(asked)
      },
    )

    app.get(
      '/v1/me/exports',
      { config, schema: { tags, summary: 'My copies, newest first', response: { 200: DataExports } } },
      async (request) => ({ exports: await myData.exports.list(request.riderId) }),
    )

    app.get(
      '/v1/me/exports/:exportId/file',
      { config, schema: { tags, summary: 'One copy, as JSON', params: Type.Object({ exportId: Uuid }) } },
      async (request, reply) => {
        const file = await myData.exports.file(request.riderId, request.params.exportId)
        if (isRefusal(file)) return reply.refuse(file)
        const day = new Date(file.atMs).toISOString().slice(0, 10)
        return reply
          .type('application/json; charset=utf-8')
          .header('content-disposition', `attachment; filename="zwerm-my-data-${day}.json"`)
          .header('cache-control', 'no-store')
          .send(file.body)
      },
    )

    app.post(
      '/v1/me/erasure',
      {
        config: { ...config, ...limited },
        schema: {
          tags,
          summary: 'Delete me: nobody is logged in from now on',
          body: ErasureRequest,
          response: { 202: ErasureAccepted, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const no = await myData.erasures.ask(request.riderId, request.body.code)
        if (no) return reply.refuse(no)
        return reply.clearCookie(riderCookie, { path: '/' }).code(202).send({ state: 'asked' })
      },
    )
  }
