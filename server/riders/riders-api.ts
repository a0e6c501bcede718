import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import { CodeRequest, CodeSent, Me, MeChange, RiderSession, SessionRequest } from '../../contracts/http/riders.ts'
import type { PaymentId, RiderId, TripId } from '../../contracts/ids.ts'
import { isRefusal, refuse } from '../../contracts/refusals.ts'
import { riderCookie, tokenOf } from '../platform/audience-guard.ts'
import type { Account } from './account.ts'
import { codeLifetimeMs, codeResendMs } from './core/one-time-code.ts'
import { sessionLifetimeMs } from './core/session-life.ts'
import type { LogIn } from './log-in-service.ts'
import type { Sessions } from './sessions.ts'

export interface RidersApiDeps {
  readonly logIn: LogIn
  readonly sessions: Sessions
  readonly account: Pick<Account, 'view' | 'setLanguage'>
  readonly secureCookies: boolean
  readonly standingOf: (riderId: RiderId) => Promise<'good' | 'in_debt' | 'blocked'>
  readonly activeTripOf: (riderId: RiderId) => Promise<TripId | null>
  readonly openPromiseOf: (riderId: RiderId) => Promise<PaymentId | null>
  readonly reservationOf: (riderId: RiderId) => Promise<ReservationView | null>
  /** Log-in tries per address of the internet and minute; a simulated city logs in from one address. */
  readonly logInsPerMinute: number
}

export const ridersApi: (deps: RidersApiDeps) => FastifyPluginAsyncTypebox = (deps) => async (app) => {
  const { logIn, sessions, account } = deps
  const limited = { rateLimit: { max: deps.logInsPerMinute, timeWindow: 60_000 } }

  app.post(
    '/v1/login/codes',
    {
      config: { audience: 'public', ...limited },
      schema: { tags: ['log-in'], summary: 'Send a one-time code', body: CodeRequest, response: { 202: CodeSent } },
    },
    async (request, reply) => {
      await logIn.sendCode(request.body.to, request.body.language ?? null)
      return reply.code(202).send({ expiresInS: codeLifetimeMs / 1_000, resendAfterS: codeResendMs / 1_000 })
    },
  )

  app.post(
    '/v1/login/sessions',
    {
      config: { audience: 'public', ...limited },
      schema: { tags: ['log-in'], summary: 'Log in', body: SessionRequest, response: { 201: RiderSession } },
    },
    async (request, reply) => {
      const session = await logIn.logIn(request.body.to, request.body.code, request.headers['user-agent'] ?? null)
      if (isRefusal(session)) return reply.refuse(session)
      reply.setCookie(riderCookie, session.token, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: deps.secureCookies,
        maxAge: sessionLifetimeMs.rider / 1_000,
      })
      const { riderId, token } = session
      return reply.code(201).send({ riderId, token, expiresInS: sessionLifetimeMs.rider / 1_000 })
    },
  )

  app.delete(
    '/v1/login/sessions/current',
    {
      config: { audience: 'rider' },
      schema: { tags: ['log-in'], summary: 'Log out', response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const token = tokenOf(request, riderCookie)
      if (token) await sessions.end(token)
      return reply.clearCookie(riderCookie, { path: '/' }).code(204).send(null)
    },
  )

  app.get(
    '/v1/me',
    { config: { audience: 'rider' }, schema: { tags: ['log-in'], summary: 'Who I am', response: { 200: Me } } },
    async (request, reply) => {
      const own = await account.view(request.riderId)
      if (own === null) return reply.refuse(refuse('session_ended'))
      return {
        riderId: request.riderId,
        ...own,
        standing: await deps.standingOf(request.riderId),
        activeTripId: await deps.activeTripOf(request.riderId),
        openPromiseId: await deps.openPromiseOf(request.riderId),
        reservation: await deps.reservationOf(request.riderId),
      }
    },
  )

  app.patch(
    '/v1/me',
    {
      config: { audience: 'rider' },
      schema: {
        tags: ['log-in'],
        summary: 'The language of codes and receipts',
        body: MeChange,
        response: { 200: MeChange },
      },
    },
    async (request) => {
      await account.setLanguage(request.riderId, request.body.language)
      return request.body
    },
  )
}
