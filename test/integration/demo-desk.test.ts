import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoDesk } from '../../contracts/http/demo.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { seededRandom } from '../../contracts/random.ts'
import { openControlServer } from '../../lock-simulator/city/control-server.ts'
import type { Fleet } from '../../lock-simulator/city/fleet.ts'
import { createStreetFaults } from '../../lock-simulator/city/street-faults.ts'
import type { StreetMap } from '../../lock-simulator/city/street-map.ts'
import { createStreetMood } from '../../lock-simulator/city/street-mood.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let control: Awaited<ReturnType<typeof openControlServer>>

/** The city process's own server, with its mood and faults, and a street without a bike. */
async function openEmptyCity() {
  const clock = { nowMs: () => platform.clock.nowMs(), speed: () => platform.clock.speed() }
  const fleet: Fleet = {
    bikes: [],
    byNumber: () => null,
    nearest: () => null,
    connected: () => 0,
    messages: () => ({ up: 0, down: 0 }),
    stop: () => undefined,
  }
  const surroundings = {
    // no bike goes anywhere
    map: {} as StreetMap,
    schedule: () => () => undefined,
    clock,
    random: seededRandom('demo desk'),
    fleet: () => fleet,
  }
  const mood = createStreetMood(clock.nowMs)
  const faults = createStreetFaults(surroundings)
  return openControlServer({
    ...surroundings,
    mood,
    faults,
    state: () => ({}),
    street: () => ({
      mood: mood.view(),
      ...{ bikes: 0, connected: 0, riding: 0, tripsBegun: 0, vansOut: 0, bikesMoved: 0, suffering: 0 },
      happened: faults.happened(),
    }),
  })
}

beforeAll(async () => {
  platform = await openTestPlatform()
  control = await openEmptyCity()
})
afterAll(async () => {
  await control.close()
  await platform.close()
})

async function deskOf(role: StaffRole) {
  const { staff } = platform.rooms
  const link = await staff.linkFor(await staff.newPerson(`A ${role}`, role))
  // biome-ignore lint/correctness/useHookAtTopLevel: a one-time link is no hook
  const session = await staff.useLink(link?.link ?? '', 'desk')
  const token = 'token' in session ? session.token : ''
  return async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${platform.url}/v1/staff/demo${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as unknown }
  }
}

describe('the demo desk', () => {
  it('says that the city is away, and does not break', async () => {
    const ask = await deskOf('dispatcher')
    expect(await ask('GET', '')).toMatchObject({ status: 200, body: { street: null, speed: 1, wantedSpeed: 1 } })
    expect(await ask('PUT', '/mood', { weather: 'rain' })).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('steers speed, weather, rush and faults of the city', async () => {
    platform.cityIsAt(control.url)
    const ask = await deskOf('dispatcher')
    expect(await ask('PUT', '/speed', { speed: 20 })).toMatchObject({ status: 200, body: { wantedSpeed: 20 } })
    expect(await ask('PUT', '/mood', { weather: 'rain', rushMinutes: 30 })).toMatchObject({
      status: 200,
      body: { mood: { weather: 'rain', faultRate: 'usual' } },
    })
    const { street, speed } = (await ask('GET', '')).body as DemoDesk
    expect(speed).toBe(20)
    expect(street?.mood.rushTillMs).toBeGreaterThan(platform.clock.nowMs())
    expect(await ask('POST', '/faults', { kind: 'jam', bikes: 3 })).toEqual({ status: 200, body: { numbers: [] } })
    expect(await ask('POST', '/heal')).toEqual({ status: 200, body: { healed: 0 } })
    await ask('PUT', '/speed', { speed: 1 })
  })

  it('refuses what is out of range, and a colleague who may only look', async () => {
    const ask = await deskOf('dispatcher')
    for (const speed of [0, 1_000]) expect((await ask('PUT', '/speed', { speed })).status).toBe(400)
    expect((await ask('PUT', '/mood', { rushMinutes: 100_000 })).status).toBe(400)
    expect((await ask('POST', '/faults', { kind: 'meteor' })).status).toBe(400)

    const look = await deskOf('viewer')
    expect((await look('GET', '')).status).toBe(200)
    expect(await look('PUT', '/speed', { speed: 20 })).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect(((await look('GET', '')).body as DemoDesk).wantedSpeed).toBe(1)
  })
})
