import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { StaffId } from '../../contracts/ids.ts'
import { may, permissions, type StaffRole, staffRoles } from '../../contracts/permissions.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
const tokens = new Map<StaffRole, { staffId: StaffId; token: string }>()

beforeAll(async () => {
  platform = await openTestPlatform()
  for (const role of staffRoles) tokens.set(role, await sessionOf(platform, role))
})
afterAll(() => platform.close())

/** A session of a role; a crew's at its own app. */
async function sessionOf({ rooms: { staff } }: TestPlatform, role: StaffRole) {
  const staffId = await staff.newPerson(`A ${role}`, role)
  const { link } = present(await staff.linkFor(staffId), 'a new colleague has a link')
  const session = await staff.logIn.byLink(link, role === 'crew' ? 'crew' : 'desk', {})
  if (isRefusal(session)) throw new Error(session.code)
  return { staffId, token: session.token }
}

const nobody = '019a8f30-0a11-7c3e-9a77-0d3b5f7e9c11'
const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE']

const staffRoutes = () =>
  platform.app.declaredRoutes
    .filter(({ config }) => config?.audience === 'staff')
    .flatMap(({ method, url, config }) =>
      [method].flat().map((one) => ({ method: one, url, permission: present(config?.permission, `${url} has one`) })),
    )
    .filter(({ method }) => method !== 'HEAD')

async function ask(base: TestPlatform, method: string, url: string, token: string) {
  const answer = await fetch(`${base.url}${url.replace(/:\w+/g, nobody)}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(unsafe.includes(method) ? { 'content-type': 'application/json' } : {}),
    },
    ...(unsafe.includes(method) ? { body: '{}' } : {}),
  })
  const text = await answer.text()
  const code = /"code":"([a-z_]+)"/.exec(text)?.[1] ?? null
  return { status: answer.status, code }
}

/** Counted by the clock, whoever asks; and a plan that those who may asked for goes on being made. */
const goOn = ['city_clock', 'fleet_hour', 'hotspot_hour', 'numbers_mark', 'demand_count', 'night_plan']

/** What every table holds, but those that the asking itself writes and those that go on by themselves. */
async function holdings(): Promise<Record<string, string>> {
  const { rows } = await platform.db.query<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND relkind = 'r' AND relname <> ALL ($1)`,
    [['audit', 'session', 'spatial_ref_sys', ...goOn]],
  )
  const held: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: sums } = await platform.db.query<{ sum: string }>(
      `SELECT count(*) || ':' || coalesce(sum(hashtext((to_jsonb(t) - 'seen_at')::text)::bigint), 0) AS sum FROM ${name} t`,
    )
    held[name] = sums[0]?.sum ?? ''
  }
  return held
}

describe('a route of the desk', () => {
  it('names a permission of the table', () => {
    expect(staffRoutes().length).toBeGreaterThan(40)
    for (const { url, permission } of staffRoutes())
      expect([url, Object.keys(permissions)]).toEqual([url, expect.arrayContaining([permission])])
  })

  it.each(staffRoles)(
    'refuses a %s what the role does not have, changes nothing, and writes down the try',
    async (role) => {
      const { token, staffId } = present(tokens.get(role), 'every role is logged in')
      const closed = staffRoutes().filter(({ permission }) => !may(role, permission) || role === 'crew')
      const before = await holdings()
      for (const { method, url } of closed) {
        expect([method, url, await ask(platform, method, url, token)]).toEqual([
          method,
          url,
          { status: 403, code: 'not_allowed' },
        ])
      }
      expect(await holdings()).toEqual(before)
      const rows = await platform.rooms.audit.rows({ staffId }, 1_000)
      const tries = rows.filter(({ status, code }) => status === 403 && code === 'not_allowed')
      expect(tries).toHaveLength(closed.length)
      if (role === 'admin') expect(closed).toHaveLength(0)
    },
  )

  it.each(staffRoles.filter((role) => role !== 'crew'))('lets a %s do what the role has', async (role) => {
    const { token } = present(tokens.get(role), 'every role is logged in')
    const open = staffRoutes().filter(({ permission, url }) => may(role, permission) && !url.includes('sessions'))
    for (const { method, url } of open) {
      const { status, code } = await ask(platform, method, url, token)
      // Whatever is wrong with the request, it is not the role; or the handler says no for a crew lead's crews.
      expect([method, url, status, code]).not.toEqual([method, url, 401, expect.anything()])
      expect([method, url, code]).not.toEqual([method, url, 'not_allowed'])
    }
  })
})

describe('a route of the crew’s app', () => {
  const crewRoutes = () =>
    platform.app.declaredRoutes
      .filter(({ config }) => config?.audience === 'crew')
      .flatMap(({ method, url }) => [method].flat().map((one) => ({ method: one, url })))
      .filter(({ method, url }) => method !== 'HEAD' && !url.includes('sessions'))

  it.each(staffRoles.filter((role) => !may(role, 'crew.drive')))('is closed to a %s', async (role) => {
    const { token } = present(tokens.get(role), 'every role is logged in')
    const before = await holdings()
    expect(crewRoutes().length).toBeGreaterThan(7)
    for (const { method, url } of [...crewRoutes(), { method: 'DELETE', url: '/v1/crew/sessions/current' }]) {
      const answer = await ask(platform, method, url, token)
      expect([method, url, answer]).toEqual([method, url, { status: 403, code: 'not_allowed' }])
    }
    expect(await holdings()).toEqual(before)
  })

  it.each(staffRoles.filter((role) => may(role, 'crew.drive')))('lets a %s in', async (role) => {
    const { token } = present(tokens.get(role), 'every role is logged in')
    for (const { method, url } of crewRoutes()) {
      const { status, code } = await ask(platform, method, url, token)
      expect([method, url, status]).not.toEqual([method, url, 401])
      expect([method, url, code]).not.toEqual([method, url, 'not_allowed'])
    }
  })

  it('is for those who drive: crews, their leads, dispatchers and admins', () => {
    expect(staffRoles.filter((role) => may(role, 'crew.drive'))).toEqual(['dispatcher', 'crew_lead', 'admin', 'crew'])
  })
})

describe('an operator who requires second factors', () => {
  let strict: TestPlatform
  beforeAll(async () => {
    strict = await openTestPlatform({ env: { STAFF_SECOND_FACTOR: 'required' } })
  })
  afterAll(() => strict.close())

  it('lets an admin or finance without one reach the own account alone', async () => {
    for (const role of ['admin', 'finance'] as const) {
      const { token } = await sessionOf(strict, role)
      expect(await ask(strict, 'GET', '/v1/staff/people', token)).toEqual({ status: 403, code: 'second_factor_needed' })
      expect(await ask(strict, 'POST', '/v1/crew/acts', token)).toEqual({
        status: 403,
        code: role === 'admin' ? 'second_factor_needed' : 'not_allowed',
      })
      expect(await ask(strict, 'GET', '/v1/staff/me', token)).toMatchObject({ status: 200 })
      expect(await ask(strict, 'GET', '/v1/staff/sessions', token)).toMatchObject({ status: 200 })
    }
    const { token } = await sessionOf(strict, 'dispatcher')
    expect(await ask(strict, 'GET', '/v1/staff/people', token)).toMatchObject({ status: 200 })
  })
})
