import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { FastifyPluginAsync } from 'fastify'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TripView } from '../../contracts/http/trips.ts'
import { buildApp } from '../../server/app.ts'
import { type Audience, audiences } from '../../server/platform/http-context.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

/** One method of one route of the running application. */
interface OpenRoute {
  readonly method: string
  readonly url: string
  readonly audience: Audience | undefined
}

let platform: TestPlatform
let street: StreetLock
let owner: RiderClient
let stranger: RiderClient
let staffToken: string
let crewToken: string
let routes: readonly OpenRoute[]
/** What stands in a route's place for each of its parameters: things that exist, and are the owner's. */
let real: Readonly<Record<string, string>>

beforeAll(async () => {
  platform = await openTestPlatform()
  routes = platform.app.declaredRoutes.flatMap(({ method, url, config }) =>
    [method].flat().map((one) => ({ method: one, url, audience: config?.audience })),
  )
  street = await placeLock(platform, 'access-lock-1')
  owner = await logInRider(platform.url, 'owner@example.org')
  stranger = await logInRider(platform.url, 'stranger@example.org')
  const promiseId = await owner.promise()
  const trip = await owner.post<TripView>('/v1/trips', { bikeCode: street.bike.code, promiseId }, randomUUID())
  const { tripId } = await owner.tripUntil(trip.body.tripId, ({ state }) => state === 'riding')
  staffToken = await logInStaff()
  crewToken = await logInCrew('Crew of the access test')
  real = { tripId, promiseId, bikeId: street.bike.bikeId, number: street.bike.number, code: street.bike.code }
})
afterAll(async () => {
  street.lock.destroy()
  await platform.close()
})

/** The first admin, or another one of this name. */
async function logInStaff(name?: string): Promise<string> {
  const { staff } = platform.rooms
  const other = name === undefined ? null : await staff.linkFor(await staff.newPerson(name, 'admin'))
  const link = other?.link ?? (await staff.newLink())
  const answer = await send('POST', '/v1/staff/sessions', {}, { link })
  return (answer.body as { token: string }).token
}

async function logInCrew(name: string): Promise<string> {
  const made = await send('POST', '/demo/crew-links', {}, { name })
  const answer = await send('POST', '/v1/crew/sessions', {}, { link: (made.body as { link: string }).link })
  return (answer.body as { token: string }).token
}

/** A body that fits, so that a refusal is about who asks and never about what. */
function bodyFor(url: string): object {
  if (url.endsWith('/end')) return { reason: 'other' }
  if (url.endsWith('/free-exit')) return { reason: 'brakes' }
  if (url === '/v1/promises' || url.startsWith('/v1/debts/')) return { provider: 'alipay' }
  if (url.endsWith('/appeals')) return { appealId: randomUUID(), about: 'price', text: 'Too much.', photoIds: [] }
  if (url === '/v1/trips') return { bikeCode: real.code, promiseId: real.promiseId }
  if (url === '/v1/staff/bikes') return { bikes: [{ lockId: 'never-made' }] }
  return {}
}

const pathOf = (url: string): string => url.replace(/:(\w+)/g, (_, name: string) => real[name] ?? '1')
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function send(method: string, path: string, headers: Record<string, string>, body?: object) {
  const hasBody = body !== undefined && !['GET', 'HEAD', 'OPTIONS'].includes(method)
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, headers: answer.headers, body: (isJson && text ? JSON.parse(text) : text) as unknown }
}

/** Asks every route of these audiences; the answers by `METHOD url`. */
async function askAll(asked: readonly Audience[], headers: Record<string, string>) {
  const answers: Record<string, string> = {}
  for (const { method, url } of routes.filter(({ audience }) => audience && asked.includes(audience))) {
    const idempotency = { 'idempotency-key': randomUUID() }
    const { status, body } = await send(method, pathOf(url), { ...headers, ...idempotency }, bodyFor(url))
    const code = (body as { code?: string }).code
    answers[`${method} ${url}`] = code === undefined ? String(status) : `${status} ${code}`
  }
  expect(Object.keys(answers).length).toBeGreaterThan(0)
  return answers
}

const onlyAnswer = (answers: Record<string, string>) => [...new Set(Object.values(answers))].sort()
/** HEAD has no body to read a code from. */
const withHead = (status: number, code: string) => [`${status}`, `${status} ${code}`]

describe('every route of the running application', () => {
  it('declares who it is for', () => {
    expect(routes.length).toBeGreaterThan(30)
    expect(routes.filter(({ audience }) => audience === undefined || !audiences.includes(audience))).toEqual([])
    expect(new Set(routes.map(({ audience }) => audience))).toEqual(new Set(audiences))
  })

  it('that is not public answers 401 to whoever has no token', async () => {
    const answers = await askAll(['rider', 'staff', 'crew', 'factory'], {})
    expect(onlyAnswer(answers)).toEqual(withHead(401, 'log_in_first'))
  })

  it('for riders, staff or crews answers 401 to a token that was never issued, and to the factory’s', async () => {
    for (const token of ['never-issued', platform.factoryToken]) {
      expect(onlyAnswer(await askAll(['rider', 'staff', 'crew'], bearer(token)))).toEqual(
        withHead(401, 'session_ended'),
      )
    }
  })

  it('for staff and crews answers 403 to a rider, and for the factory 401', async () => {
    expect(onlyAnswer(await askAll(['staff', 'crew'], bearer(owner.token)))).toEqual(withHead(403, 'not_allowed'))
    expect(onlyAnswer(await askAll(['factory'], bearer(owner.token)))).toEqual(withHead(401, 'log_in_first'))
  })

  it('for riders answers 403 to staff, and for the factory 401', async () => {
    expect(onlyAnswer(await askAll(['rider'], bearer(staffToken)))).toEqual(withHead(403, 'not_allowed'))
    expect(onlyAnswer(await askAll(['factory'], bearer(staffToken)))).toEqual(withHead(401, 'log_in_first'))
  })

  it('for staff and for riders answers 403 to a crew, and for the factory 401', async () => {
    expect(onlyAnswer(await askAll(['staff', 'rider'], bearer(crewToken)))).toEqual(withHead(403, 'not_allowed'))
    expect(onlyAnswer(await askAll(['factory'], bearer(crewToken)))).toEqual(withHead(401, 'log_in_first'))
  })

  it('for riders, staff and crews refuses a cookie on an unsafe method when the page is not ours', async () => {
    const unsafe = routes.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
    const byCookie: readonly (Audience | undefined)[] = ['rider', 'staff', 'crew']
    for (const { method, url } of unsafe.filter(({ audience }) => byCookie.includes(audience))) {
      const cookie = `zwerm_rider=${owner.token}; zwerm_staff=${staffToken}; zwerm_crew=${crewToken}`
      const answer = await send(method, pathOf(url), { cookie, 'idempotency-key': randomUUID() }, bodyFor(url))
      expect([url, answer.status, answer.body]).toMatchObject([url, 403, { code: 'cross_site' }])
    }
  })

  it('never breaks, whoever asks and with whatever', async () => {
    const nonsense = { ids: { tripId: 'no-uuid', promiseId: '%00', bikeId: '-1', code: "';--", number: 'x' } }
    const before = real
    // Of their own: among the routes are those that log out, here and everywhere.
    const rider = await logInRider(platform.url, 'clumsy@example.org')
    const tokens = [rider.token, await logInStaff('Clumsy'), await logInCrew('Clumsy crew')]
    try {
      real = nonsense.ids
      for (const headers of [{}, ...tokens.map(bearer)]) {
        const answers = await askAll(['public', 'provider', 'rider', 'staff', 'crew', 'factory'], headers)
        expect(Object.entries(answers).filter(([, answer]) => answer.startsWith('5'))).toEqual([])
      }
    } finally {
      real = before
    }
  })
})

describe('the live feed', () => {
  /** 101, or the status of the refusal. By hand: Node's own client waits for ever on a refused upgrade. */
  const upgrade = (authorization: string) =>
    new Promise<number>((resolve, reject) => {
      const key = randomBytes(16).toString('base64')
      const socket = connect(Number(new URL(platform.url).port), '127.0.0.1')
      const asked = [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${key}`,
      ]
      socket.write(['GET /v1/staff/live HTTP/1.1', 'Host: zwerm', ...asked, authorization, '', ''].join('\r\n'))
      socket.on('error', reject)
      socket.once('data', (answer) => {
        socket.destroy()
        resolve(Number(answer.toString('latin1').split(' ')[1]))
      })
    })

  it('opens for staff only', async () => {
    expect(await upgrade('X-Nobody: 1')).toBe(401)
    expect(await upgrade(`Authorization: Bearer ${owner.token}`)).toBe(403)
    expect(await upgrade(`Authorization: Bearer ${staffToken}`)).toBe(101)
  })
})

describe('a page of another site', () => {
  it('may not use the cookie of a person who is logged in here, not even to read', async () => {
    const ask = (origin: string) =>
      fetch(`${platform.url}/v1/me`, { headers: { cookie: `zwerm_rider=${owner.token}`, origin } })
    expect((await ask(platform.url)).status).toBe(200)
    for (const origin of ['http://127.0.0.1:1', 'https://evil.example', 'null']) {
      const refused = await ask(origin)
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'cross_site'])
    }
  })
})

describe('another rider', () => {
  it('finds none of the first one’s rides and promises, by whatever method', async () => {
    const own = routes.filter(({ url, audience }) => audience === 'rider' && /:(tripId|promiseId)/.test(url))
    expect(own.length).toBeGreaterThan(8)
    for (const { method, url } of own) {
      const headers = { ...bearer(stranger.token), 'idempotency-key': randomUUID() }
      const { status } = await send(method, pathOf(url), headers, bodyFor(url))
      expect([method, url, status]).toEqual([method, url, 404])
    }
  })

  it('cannot ride on the first one’s promise', async () => {
    const other = await placeLock(platform, 'access-lock-2')
    const order = { bikeCode: other.bike.code, promiseId: real.promiseId }
    const answer = await stranger.post<{ code: string }>('/v1/trips', order, randomUUID())
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(await stranger.get('/v1/trips')).toMatchObject({ status: 200, body: { trips: [] } })
    other.lock.destroy()
  })

  it('leaves the ride as it was', async () => {
    expect(await owner.get(`/v1/trips/${real.tripId}`)).toMatchObject({ status: 200, body: { state: 'riding' } })
  })
})

describe('a session', () => {
  it('ends for good when its owner logs out', async () => {
    const rider = await logInRider(platform.url, 'leaver@example.org')
    expect(await rider.get('/v1/me')).toMatchObject({ status: 200 })
    await send('DELETE', '/v1/login/sessions/current', bearer(rider.token))
    expect(await rider.get('/v1/me')).toMatchObject({ status: 401, body: { code: 'session_ended' } })
  })

  it('of a browser is a cookie that no script reads, and works with our own header', async () => {
    const link = await platform.rooms.staff.newLink()
    const first = await send('POST', '/v1/staff/sessions', {}, { link })
    expect(first.headers.get('set-cookie')).toMatch(/^zwerm_staff=.*HttpOnly.*SameSite=Lax/i)
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(await send('GET', '/v1/staff/fleet', { cookie })).toMatchObject({ status: 200 })
    const out = await send('DELETE', '/v1/staff/sessions/current', { cookie, 'x-zwerm-app': '1' })
    expect(out.status).toBe(204)
    expect(await send('POST', '/v1/staff/sessions', {}, { link })).toMatchObject({ status: 410 })
  })
})

describe('too many requests', () => {
  it('of one address are refused, also when each claims to be somebody else', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 25; i++) {
      const answer = await send('POST', '/v1/staff/sessions', bearer(`made-up-${i}`), { link: 'x'.repeat(32) })
      statuses.push(answer.status)
    }
    expect(new Set(statuses)).toEqual(new Set([410, 429]))
    expect(statuses.lastIndexOf(410)).toBeLessThan(statuses.indexOf(429))
  })

  it('of one rider leave the others alone', async () => {
    const app = await smallApp(3, async (scope) => {
      scope.get('/mine', { config: { audience: 'rider' } }, async () => ({ fine: true }))
    })
    const ask = async (token: string) => (await app.inject({ url: '/mine', headers: bearer(token) })).statusCode
    const own: number[] = []
    for (let i = 0; i < 5; i++) own.push(await ask(owner.token))
    expect(own).toEqual([200, 200, 200, 429, 429])
    expect(await ask(stranger.token)).toBe(200)
    await app.close()
  })
})

describe('an application', () => {
  it('does not start with a route that does not say who it is for', async () => {
    const forgotten = smallApp(10, async (scope) => {
      scope.get('/forgotten', async () => ({ everything: true }))
    })
    await expect(forgotten).rejects.toThrow('route /forgotten declares its audience')
  })
})

/** The real builder around one route of a test. */
function smallApp(requestsPerMinute: number, routesOfTest: FastifyPluginAsync) {
  const { db, clock, rooms } = platform
  return buildApp({
    ...{ db, clock, requestsPerMinute, mapHosts: [], logger: pino({ level: 'silent' }), routes: [routesOfTest] },
    guard: { ownerOf: (token) => rooms.sessions.ownerOf(token), factoryToken: 'f'.repeat(43), publicUrl: platform.url },
  })
}
