import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { StaffSession, StaffSessionRequest } from '../../contracts/http/staff.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { staffCookie, tokenOf } from '../platform/audience-guard.ts'
import { type Sessions, sessionLifetimeMs } from '../riders/sessions.ts'
import type { Staff } from './staff-service.ts'

export const staffApi: (deps: {
  staff: Staff
  sessions: Sessions
  secureCookies: boolean
}) => FastifyPluginAsyncTypebox =
  ({ staff, sessions, secureCookies }) =>
  async (app) => {
    app.post(
      '/v1/staff/sessions',
      {
        config: { audience: 'public', rateLimit: { max: 20, timeWindow: 60_000 } },
        schema: {
          tags: ['staff'],
          summary: 'Log in with a one-time link',
          body: StaffSessionRequest,
          response: { 201: StaffSession },
        },
      },
      async (request, reply) => {
        const session = await staff.useLink(request.body.link)
        if (isRefusal(session)) return reply.refuse(session)
        reply.setCookie(staffCookie, session.token, {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: secureCookies,
          maxAge: sessionLifetimeMs / 1_000,
        })
        return reply.code(201).send(session)
      },
    )
    app.delete(
      '/v1/staff/sessions/current',
      {
        config: { audience: 'staff' },
        schema: { tags: ['staff'], summary: 'Log out', response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const token = tokenOf(request, staffCookie)
        if (token) await sessions.end(token)
        return reply.clearCookie(staffCookie, { path: '/' }).code(204).send(null)
      },
    )
  }
