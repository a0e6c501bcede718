import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrewSession, People, PersonLink } from '../../contracts/http/crews.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let operator: string

beforeAll(async () => {
  platform = await openTestPlatform()
  const link = await platform.rooms.staff.newLink()
  operator = ((await send('POST', '/v1/staff/sessions', { body: { link } })).body as { token: string }).token
})
afterAll(() => platform.close())

async function send(
  method: string,
  path: string,
  given: { readonly token?: string; readonly body?: object; readonly headers?: Readonly<Record<string, string>> } = {},
) {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    headers: {
      ...given.headers,
      ...(given.token === undefined ? {} : { authorization: `Bearer ${given.token}` }),
      ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : null) as unknown }
}

async function newPerson(role: string, token = operator) {
  const answer = await send('POST', '/v1/staff/people', { token, body: { name: `A ${role}`, role } })
  return { status: answer.status, ...(answer.body as PersonLink) }
}

const sessionAt = async (app: 'staff' | 'crew', link: string) => {
  const answer = await send('POST', `/v1/${app}/sessions`, { body: { link } })
  return { status: answer.status, headers: answer.headers, body: answer.body as CrewSession }
}

describe('a new colleague', () => {
  it('gets a link to the app of the role, which logs in once', async () => {
    const crew = await newPerson('crew')
    expect(crew).toMatchObject({ status: 201, url: `${platform.url}/crew/?link=${crew.link}` })
    const lead = await newPerson('crew_lead')
    expect(lead.url).toBe(`${platform.url}/ops/?link=${lead.link}`)

    const session = await sessionAt('crew', crew.link)
    expect(session).toMatchObject({ status: 201, body: { crewId: crew.staffId, name: 'A crew' } })
    expect(session.headers.get('set-cookie')).toMatch(/^zwerm_crew=.*HttpOnly.*SameSite=Lax/i)
    expect(await sessionAt('crew', crew.link)).toMatchObject({ status: 410, body: { code: 'link_used' } })
  })

  it('who lost the link gets another one, and is the same person', async () => {
    const { staffId } = await newPerson('crew')
    const people = (await send('GET', '/v1/staff/people', { token: operator })).body as People
    expect(people.people).toContainEqual({
      ...{ staffId, name: 'A crew', role: 'crew', since: expect.any(Number), seenAt: null, endedAt: null },
      logIn: { name: null, hasPassword: false, hasSecondFactor: false },
    })
    const again = await send('POST', `/v1/staff/people/${staffId}/links`, { token: operator })
    expect(again).toMatchObject({ status: 201, body: { staffId } })
    const session = await sessionAt('crew', (again.body as PersonLink).link)
    expect(session).toMatchObject({ status: 201, body: { crewId: staffId } })
    const nobody = await send('POST', `/v1/staff/people/${secureIds.uuid()}/links`, { token: operator })
    expect(nobody.status).toBe(404)
  })

  it('whose link is used by many at once is logged in once', async () => {
    const { link } = await newPerson('crew')
    const all = await Promise.all(Array.from({ length: 8 }, () => sessionAt('crew', link)))
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 410)])
  })

  it('who is a crew cannot log in at the desk, and keeps the link for the crew’s app', async () => {
    const { link } = await newPerson('crew')
    expect(await sessionAt('staff', link)).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect(await sessionAt('crew', link)).toMatchObject({ status: 201 })
  })

  it('who leads crews works at the desk and makes crews, but nobody else', async () => {
    const { link } = await newPerson('crew_lead')
    const { token } = (await sessionAt('staff', link)).body
    expect(await send('GET', '/v1/staff/fleet', { token })).toMatchObject({ status: 200 })
    expect(await newPerson('crew', token)).toMatchObject({ status: 201 })
    for (const role of ['admin', 'crew_lead']) {
      expect(await newPerson(role, token)).toMatchObject({ status: 403 })
      const { staffId } = await newPerson(role)
      expect(await send('POST', `/v1/staff/people/${staffId}/links`, { token })).toMatchObject({ status: 403 })
    }
  })

  it('of the desk may open the crew’s app too, by the same token', async () => {
    const { link, staffId } = await newPerson('admin')
    expect(await sessionAt('crew', link)).toMatchObject({ status: 201, body: { crewId: staffId } })
  })

  it.each(['viewer', 'support', 'finance'])(
    'who is %s cannot log in to the crew’s app, and keeps the link',
    async (role) => {
      const { link } = await newPerson(role)
      expect(await sessionAt('crew', link)).toMatchObject({
        status: 403,
        body: { code: 'not_allowed', detail: 'The crew’s app is for crews, crew leads, dispatchers and admins.' },
      })
      expect(await sessionAt('staff', link)).toMatchObject({ status: 201 })
    },
  )
})

describe('a crew', () => {
  it('is refused at the desk, and logs out of its own app by its cookie', async () => {
    const { link } = await newPerson('crew')
    const session = await sessionAt('crew', link)
    const { token } = session.body
    expect(await send('GET', '/v1/staff/fleet', { token })).toMatchObject({ status: 403 })
    expect(await send('POST', '/v1/staff/people', { token, body: { name: 'X', role: 'crew' } })).toMatchObject({
      status: 403,
    })
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
    const out = () => send('DELETE', '/v1/crew/sessions/current', { headers: { cookie, 'x-zwerm-app': '1' } })
    expect((await out()).status).toBe(204)
    expect((await out()).status).toBe(401)
  })

  it('of the demo is one person by name, however often it asks for a link', async () => {
    const ask = async () => (await send('POST', '/demo/crew-links', { body: { name: 'Crew 7' } })).body as PersonLink
    const [first, second] = [await ask(), await ask()]
    expect(second.staffId).toBe(first.staffId)
    expect(second.link).not.toBe(first.link)
  })
})

describe('the start', () => {
  it('prints one-time links of the desk and of the crew’s app', async () => {
    const { staffLink, crewLink, nightUrl } = platform.addresses
    expect(new URL(nightUrl).pathname).toBe('/ops/night')
    const linkOf = (url: string | null) => new URL(url ?? 'http://none').searchParams.get('link') ?? ''
    expect(await sessionAt('staff', linkOf(staffLink))).toMatchObject({ status: 201 })
    expect(await sessionAt('crew', linkOf(crewLink))).toMatchObject({ status: 201, body: { name: 'Crew 1' } })
  })
})
