import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  EndedSessions,
  Me,
  NewPassword,
  OwnSessions,
  RecoveryCodes,
  SecondFactorCode,
  SecondFactorProof,
  SecondFactorRequest,
  SecondFactorSecret,
} from '../../contracts/http/account.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import { staffCookie, tokenOf } from '../platform/audience-guard.ts'
import { hashOfToken, type Sessions } from '../riders/sessions.ts'
import type { AccountService, SessionOf } from './account-service.ts'

/** Everybody's own: who I am, my password, my second factor, where I am logged in. */
export const accountApi: (deps: { staff: AccountService; sessions: Sessions }) => FastifyPluginAsyncTypebox =
  ({ staff, sessions }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'self.manage' } as const
    const tags = ['account']

    app.get(
      '/v1/staff/me',
      { config, schema: { tags, summary: 'Who is logged in, and what this person may do', response: { 200: Me } } },
      async (request, reply) => {
        const me = await staff.me(sessionOf(request))
        return me === null ? reply.refuse(refuse('session_ended')) : me
      },
    )

    app.put(
      '/v1/staff/me/password',
      {
        config,
        schema: {
          tags,
          summary: 'A new password; the other sessions end',
          body: NewPassword,
          response: { 204: Type.Null(), 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const { password, newPassword } = request.body
        const no = await staff.setPassword(sessionOf(request), password, newPassword)
        return no === null ? reply.code(204).send(null) : reply.refuse(no)
      },
    )

    app.post(
      '/v1/staff/me/second-factor',
      {
        config,
        schema: {
          tags,
          summary: 'A secret for an authenticator app, shown once; its first code turns it on',
          body: SecondFactorRequest,
          response: { 201: SecondFactorSecret, 409: Problem, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const shown = await staff.showSecondFactor(sessionOf(request), request.body.password)
        return isRefusal(shown) ? reply.refuse(shown) : reply.header('cache-control', 'no-store').code(201).send(shown)
      },
    )
    app.put(
      '/v1/staff/me/second-factor',
      {
        config,
        schema: {
          tags,
          summary: 'Turn the second factor on with its first code; answers with the recovery codes',
          body: SecondFactorCode,
          response: { 200: RecoveryCodes, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const codes = await staff.confirmSecondFactor(sessionOf(request), request.body.code)
        return isRefusal(codes) ? reply.refuse(codes) : reply.header('cache-control', 'no-store').send(codes)
      },
    )
    app.post(
      '/v1/staff/me/second-factor/off',
      {
        config,
        schema: {
          tags,
          summary: 'Turn the second factor off',
          body: SecondFactorProof,
          response: { 204: Type.Null(), 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const { password, code } = request.body
        const no = await staff.dropSecondFactor(sessionOf(request), password, code)
        return no === null ? reply.code(204).send(null) : reply.refuse(no)
      },
    )
    app.post(
      '/v1/staff/me/recovery-codes',
      {
        config,
        schema: {
          tags,
          summary: 'New recovery codes; the old ones are over',
          body: SecondFactorProof,
          response: { 200: RecoveryCodes, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const { password, code } = request.body
        const codes = await staff.newRecoveryCodes(sessionOf(request), password, code)
        return isRefusal(codes) ? reply.refuse(codes) : reply.header('cache-control', 'no-store').send(codes)
      },
    )

    app.get(
      '/v1/staff/sessions',
      { config, schema: { tags, summary: 'Where this person is logged in', response: { 200: OwnSessions } } },
      async (request) => {
        const own = hashOfToken(tokenOf(request, staffCookie) ?? '')
        const listed = await sessions.listOf(request.staffId)
        return {
          sessions: listed.map(({ sessionId, app: place, by, agent, createdAtMs, seenAtMs, tokenHash }) => ({
            ...{ sessionId, by, agent, app: place, isThis: own.equals(tokenHash) },
            since: epochMs(createdAtMs),
            seenAt: epochMs(seenAtMs),
          })),
        }
      },
    )
    app.delete(
      '/v1/staff/sessions',
      { config, schema: { tags, summary: 'End all sessions but this one', response: { 200: EndedSessions } } },
      async (request) => {
        const { staffId, token } = sessionOf(request)
        return { ended: await sessions.endAll(staffId, { except: token }) }
      },
    )
    app.delete(
      '/v1/staff/sessions/:sessionId',
      {
        config,
        schema: {
          tags,
          summary: 'End one of the own sessions',
          params: Type.Object({ sessionId: Uuid }),
          response: { 204: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const ended = await sessions.endAll(request.staffId, { only: request.params.sessionId })
        return ended === 0 ? reply.refuse(refuse('not_found')) : reply.code(204).send(null)
      },
    )
  }

const sessionOf = (request: FastifyRequest): SessionOf => ({
  staffId: request.staffId,
  token: tokenOf(request, staffCookie) ?? '',
})
