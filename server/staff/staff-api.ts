import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { CrewSession, CrewSessionRequest } from '../../contracts/http/crews.ts'
import { StaffSession, StaffSessionRequest } from '../../contracts/http/staff.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import { crewCookie, staffCookie, tokenOf } from '../platform/audience-guard.ts'
import { sessionLifetimeMs } from '../riders/core/session-life.ts'
import type { Sessions } from '../riders/sessions.ts'
import { accountApi } from './account-api.ts'
import { peopleApi } from './people-api.ts'
import type { LogInContext } from './staff-log-in.ts'
import type { Staff } from './staff-service.ts'

const logInsPerMinute = 20

export interface StaffApiDeps {
  readonly staff: Staff
  readonly sessions: Sessions
  readonly secureCookies: boolean
  /** From one address; a simulated city's crews share one. */
  readonly crewLogInsPerMinute?: number
}

/** Log-in of the desk and of the crews, everybody's own account, and colleagues. */
export const staffApi: (deps: StaffApiDeps) => FastifyPluginAsyncTypebox =
  ({ staff, sessions, secureCookies, crewLogInsPerMinute = logInsPerMinute }) =>
  async (app) => {
    await app.register(accountApi({ staff, sessions }))
    await app.register(peopleApi({ staff }))

    const cookieOf = { desk: staffCookie, crew: crewCookie } as const
    /** A session is new with each log-in: the one that this browser had is over. */
    const keep = async (
      request: FastifyRequest,
      reply: FastifyReply,
      place: 'desk' | 'crew',
      token: string,
    ): Promise<void> => {
      const before = request.cookies[cookieOf[place]]
      if (before !== undefined && before !== token) await sessions.end(before)
      reply.header('cache-control', 'no-store').setCookie(cookieOf[place], token, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: secureCookies,
        maxAge: sessionLifetimeMs[place] / 1_000,
      })
    }

    app.post(
      '/v1/staff/sessions',
      {
        config: { audience: 'public', rateLimit: { max: logInsPerMinute, timeWindow: 60_000 } },
        schema: {
          tags: ['staff'],
          summary: 'Log in with a one-time link, or with a log-in name and a password; and a second factor',
          body: StaffSessionRequest,
          response: { 201: StaffSession, 410: Problem, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const { body } = request
        const context = contextOf(request, body.code)
        const session =
          'link' in body
            ? await staff.logIn.byLink(body.link, 'desk', context)
            : await staff.logIn.byPassword(body.logInName, body.password, context)
        if (isRefusal(session)) return reply.refuse(session)
        await keep(request, reply, 'desk', session.token)
        return reply.code(201).send(session)
      },
    )
    app.delete(
      '/v1/staff/sessions/current',
      {
        config: { audience: 'staff', permission: 'self.manage' },
        schema: { tags: ['staff'], summary: 'Log out', response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const token = tokenOf(request, staffCookie)
        if (token) await sessions.end(token)
        return reply.clearCookie(staffCookie, { path: '/' }).code(204).send(null)
      },
    )

    app.post(
      '/v1/crew/sessions',
      {
        config: { audience: 'public', rateLimit: { max: crewLogInsPerMinute, timeWindow: 60_000 } },
        schema: {
          tags: ['crew'],
          summary: 'Log in to the crew’s app with a one-time link',
          body: CrewSessionRequest,
          response: { 201: CrewSession },
        },
      },
      async (request, reply) => {
        const session = await staff.logIn.byLink(request.body.link, 'crew', contextOf(request))
        if (isRefusal(session)) return reply.refuse(session)
        const { staffId, name, token } = session
        await keep(request, reply, 'crew', token)
        return reply.code(201).send({ crewId: staffId, name, token })
      },
    )
    app.delete(
      '/v1/crew/sessions/current',
      {
        config: { audience: 'crew' },
        schema: { tags: ['crew'], summary: 'Log out of the crew’s app', response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const token = tokenOf(request, crewCookie)
        if (token) await sessions.end(token)
        return reply.clearCookie(crewCookie, { path: '/' }).code(204).send(null)
      },
    )
  }

const contextOf = (request: FastifyRequest, code?: string): LogInContext => {
  const agent = request.headers['user-agent']
  return { requestId: request.id, ...(code === undefined ? {} : { code }), ...(agent === undefined ? {} : { agent }) }
}
