import { randomUUID } from 'node:crypto'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { BikeByCode, BikesNear } from '../../contracts/http/bikes.ts'
import {
  type CrewAct,
  CrewActsAnswer,
  CrewRoute,
  CrewSession,
  PersonLink,
  RouteList,
} from '../../contracts/http/crews.ts'
import { DemoOutbox } from '../../contracts/http/demo.ts'
import { PromiseView } from '../../contracts/http/payments.ts'
import { Me, RiderSession } from '../../contracts/http/riders.ts'
import { type NewBike, ProvisionedBikes } from '../../contracts/http/staff.ts'
import { type EndReason, type FreeExitReason, TripView } from '../../contracts/http/trips.ts'
import type { Position } from '../../contracts/units.ts'
import type { Answer, Question } from './asking.ts'

export type Told<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'nothing'; readonly why: string }

export type ZwermApi = ReturnType<typeof createZwermApi>

const lookAroundM = 500
const bikesShown = 8

/** The public HTTP API as riders' and crews' phones and the factory use it; every answer is checked against its contract. */
export function createZwermApi(zwermUrl: string, askRaw: (question: Question) => Promise<Answer>) {
  async function ask<T extends TSchema>(schema: T | null, question: Question): Promise<Told<Static<T>>> {
    const answer = await askRaw({
      ...question,
      url: question.url.startsWith('/') ? zwermUrl + question.url : question.url,
    })
    if (answer.kind === 'nothing') return answer
    if (answer.kind === 'refused') return { kind: 'refused', code: answer.code }
    if (schema !== null && !Value.Check(schema, answer.body)) {
      return { kind: 'nothing', why: `${question.method} ${question.url.split('?')[0]} answered in another form` }
    }
    return { kind: 'answer', value: answer.body as Static<T> }
  }
  const get = <T extends TSchema>(schema: T, url: string, token?: string) =>
    ask(schema, { method: 'GET', url, ...(token === undefined ? {} : { token }) })
  const post = <T extends TSchema>(schema: T | null, url: string, body?: unknown, extra: Partial<Question> = {}) =>
    ask(schema, { method: 'POST', url, ...(body === undefined ? {} : { body }), ...extra })

  return {
    bikesNear: ({ lon, lat }: Position) =>
      get(
        BikesNear,
        `/v1/bikes?lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}&radiusM=${lookAroundM}&limit=${bikesShown}&search=${randomUUID()}`,
      ),
    /** With the rider's token: a bike that is reserved is its rider's. */
    bikeByCode: (code: string, token: string | null) =>
      get(BikeByCode, `/v1/bikes/by-code/${code}`, token ?? undefined),
    reserve: (token: string, bike: string) =>
      post(null, '/v1/reservations', { bike }, { token, idempotencyKey: randomUUID() }),
    sendCode: (to: string) => post(null, '/v1/login/codes', { to }),
    outbox: (to: string) => get(DemoOutbox, `/demo/outbox?to=${encodeURIComponent(to)}`),
    logIn: (to: string, code: string) => post(RiderSession, '/v1/login/sessions', { to, code }),
    me: (token: string) => get(Me, '/v1/me', token),
    promise: (token: string, idempotencyKey: string) =>
      post(PromiseView, '/v1/promises', { provider: 'alipay' }, { token, idempotencyKey }),
    promiseView: (token: string, promiseId: string) => get(PromiseView, `/v1/promises/${promiseId}`, token),
    takeBackPromise: (token: string, promiseId: string) =>
      ask(null, { method: 'DELETE', url: `/v1/promises/${promiseId}`, token }),
    answerPayer: (url: string, action: 'approve' | 'decline') => post(null, url, { action }),
    unlock: (token: string, bikeCode: string, promiseId: string, idempotencyKey: string) =>
      post(TripView, '/v1/trips', { bikeCode, promiseId }, { token, idempotencyKey }),
    trip: (token: string, tripId: string) => get(TripView, `/v1/trips/${tripId}`, token),
    pause: (token: string, tripId: string) => post(TripView, `/v1/trips/${tripId}/pause`, undefined, { token }),
    resume: (token: string, tripId: string) => post(TripView, `/v1/trips/${tripId}/resume`, undefined, { token }),
    end: (token: string, tripId: string, reason: EndReason) =>
      post(TripView, `/v1/trips/${tripId}/end`, { reason }, { token }),
    freeExit: (token: string, tripId: string, reason: FreeExitReason) =>
      post(TripView, `/v1/trips/${tripId}/free-exit`, { reason }, { token }),
    crewLink: (name: string) => post(PersonLink, '/demo/crew-links', { name }),
    crewSession: (link: string) => post(CrewSession, '/v1/crew/sessions', { link }),
    crewRoutes: (token: string) => get(RouteList, '/v1/crew/routes', token),
    crewRoute: (token: string, routeId: string) => get(CrewRoute, `/v1/crew/routes/${routeId}`, token),
    claimRoute: (token: string, routeId: string, actId: string) =>
      post(CrewRoute, `/v1/crew/routes/${routeId}/claim`, { actId }, { token }),
    crewActs: (token: string, acts: readonly CrewAct[]) => post(CrewActsAnswer, '/v1/crew/acts', { acts }, { token }),
    provision: (factoryToken: string, bikes: readonly Static<typeof NewBike>[]) =>
      post(ProvisionedBikes, '/v1/staff/bikes', { bikes }, { token: factoryToken }),
  }
}
