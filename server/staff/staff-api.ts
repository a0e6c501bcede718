import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { Me } from '../../contracts/http/account.ts'
import { CrewSession, CrewSessionRequest, NewPerson, People, PersonLink } from '../../contracts/http/crews.ts'
import { StaffSession, StaffSessionRequest } from '../../contracts/http/staff.ts'
import { asId, type StaffId, Uuid } from '../../contracts/ids.ts'
import { may } from '../../contracts/permissions.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import { crewCookie, staffCookie, tokenOf } from '../platform/audience-guard.ts'
import { type Sessions, sessionLifetimeMs } from '../riders/sessions.ts'
import type { Staff } from './staff-service.ts'

const logInsPerMinute = 20

/** Log-in of the desk and of the crews, and new colleagues. */
export const staffApi: (deps: {
  staff: Staff
  sessions: Sessions
  secureCookies: boolean
  /** From one address; a simulated city's crews share one. */
  crewLogInsPerMinute?: number
}) => FastifyPluginAsyncTypebox =
  ({ staff, sessions, secureCookies, crewLogInsPerMinute = logInsPerMinute }) =>
  async (app) => {
    const keep = (reply: FastifyReply, cookie: string, token: string): FastifyReply =>
      reply.setCookie(cookie, token, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: secureCookies,
        maxAge: sessionLifetimeMs / 1_000,
      })

    app.post(
      '/v1/staff/sessions',
      {
        config: { audience: 'public', rateLimit: { max: logInsPerMinute, timeWindow: 60_000 } },
        schema: {
          tags: ['staff'],
          summary: 'Log in with a one-time link',
          body: StaffSessionRequest,
          response: { 201: StaffSession },
        },
      },
      async (request, reply) => {
        const session = await staff.useLink(request.body.link, 'desk')
        if (isRefusal(session)) return reply.refuse(session)
        return keep(reply, staffCookie, session.token).code(201).send(session)
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

    app.get(
      '/v1/staff/me',
      {
        config: { audience: 'staff', permission: 'self.manage' },
        schema: { tags: ['staff'], summary: 'Who is logged in, and what this person may do', response: { 200: Me } },
      },
      async (request, reply) => {
        const me = await staff.me(request.staffId)
        return me === null ? reply.refuse(refuse('session_ended')) : me
      },
    )

    app.post(
      '/v1/staff/people',
      {
        config: { audience: 'staff', permission: 'crews.manage' },
        schema: {
          tags: ['staff'],
          summary: 'A new colleague, and the link that logs in once; a crew lead makes crews only',
          body: NewPerson,
          response: { 201: PersonLink, 403: Problem },
        },
      },
      async (request, reply) => {
        const { name, role } = request.body
        if (!may(request.staffRole, 'people.manage') && role !== 'crew') return reply.refuse(refuse('not_allowed'))
        const link = await staff.linkFor(await staff.newPerson(name, role))
        return link === null ? reply.refuse(refuse('not_found')) : reply.code(201).send(link)
      },
    )

    app.get(
      '/v1/staff/people',
      {
        config: { audience: 'staff', permission: 'people.see' },
        schema: { tags: ['staff'], summary: 'Colleagues and their roles', response: { 200: People } },
      },
      async () => ({ people: await staff.people() }),
    )
    app.post(
      '/v1/staff/people/:staffId/links',
      {
        config: { audience: 'staff', permission: 'crews.manage' },
        schema: {
          tags: ['staff'],
          summary: 'Another link that logs a colleague in once; a crew lead makes those of crews only',
          params: Type.Object({ staffId: Uuid }),
          response: { 201: PersonLink, 403: Problem, 404: Problem },
        },
      },
      async (request, reply) => {
        const staffId = asId<StaffId>(request.params.staffId)
        const role = await staff.roleOf(staffId)
        if (role === null) return reply.refuse(refuse('not_found'))
        if (!may(request.staffRole, 'people.manage') && role !== 'crew') return reply.refuse(refuse('not_allowed'))
        const link = await staff.linkFor(staffId)
        return link === null ? reply.refuse(refuse('not_found')) : reply.code(201).send(link)
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
        const session = await staff.useLink(request.body.link, 'crew')
        if (isRefusal(session)) return reply.refuse(session)
        const { staffId, name, token } = session
        return keep(reply, crewCookie, token).code(201).send({ crewId: staffId, name, token })
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
