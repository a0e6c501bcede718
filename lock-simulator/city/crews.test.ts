import { Agent, createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { type CrewAct, CrewActs, type CrewActsAnswer, type CrewRoute } from '../../contracts/http/crews.ts'
import { problemOf, refuse } from '../../contracts/refusals.ts'
import { distanceM, type Position } from '../../contracts/units.ts'
import type { Whereabouts } from '../body/gnss.ts'
import { createAsker } from './asking.ts'
import type { Bike } from './bike.ts'
import { bikeOf, nightBeginsMs, routeOf, summaryOf, uuidOf } from './core/crew-route.fixture.ts'
import { createTimerHeap } from './core/timer-heap.ts'
import { type Crews, sendCrewsOut } from './crews.ts'
import type { Fleet } from './fleet.ts'
import type { SavedCrew } from './saved-city.ts'
import type { StreetMap } from './street-map.ts'
import { createZwermApi } from './zwerm-api.ts'

/** The platform's side of a night, reduced to the contract: two routes, three bikes on the first. */
interface Desk {
  readonly url: string
  readonly acts: CrewAct[]
  readonly ids: Set<string>
  readonly owners: Map<string, string>
  isAway: boolean
  /** It breaks at the act after these. */
  actsAtOnce: number
}

const routes: readonly CrewRoute[] = [
  routeOf(),
  routeOf({ routeId: uuidOf(901), vanName: 'Van 2', stops: routeOf().stops.slice(2) }),
]
let server: Server | null = null
let crews: Crews | null = null
const agent = new Agent({ keepAlive: false })

afterEach(() => {
  crews?.stop()
  server?.close()
  server?.closeAllConnections()
})

async function openDesk(): Promise<Desk> {
  const desk = {
    ...{ acts: [] as CrewAct[], ids: new Set<string>(), owners: new Map<string, string>() },
    ...{ isAway: false, actsAtOnce: 200 },
  }
  const one = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const [status, answer] = desk.isAway ? [503, {}] : answerOf(desk, request, body)
      response.writeHead(status as number, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  server = one
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  return Object.assign(desk, { url: `http://127.0.0.1:${(one.address() as AddressInfo).port}` })
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const part of request) text += part
  return text === '' ? null : JSON.parse(text)
}

function answerOf(desk: Omit<Desk, 'url'>, { method, url = '', headers }: IncomingMessage, body: unknown): unknown[] {
  const who = (headers.authorization ?? '').replace('Bearer token of ', '')
  const mine = (route: CrewRoute): CrewRoute => {
    const owner = desk.owners.get(route.routeId)
    return { ...route, state: owner ? 'claimed' : 'open', isMine: owner === who, crewName: owner ?? null }
  }
  const route = routes.find(({ routeId }) => url.includes(routeId))
  if (url === '/demo/crew-links') {
    const link = (body as { name: string }).name
    return [201, { staffId: uuidOf(1), link: link.replaceAll(' ', '-'), url: 'http://crew' }]
  }
  if (url === '/v1/crew/sessions') {
    const name = (body as { link: string }).link
    return [201, { crewId: uuidOf(2), name, token: `token of ${name}` }]
  }
  if (url === '/v1/crew/routes') {
    const list = routes.map(mine).map((one) => summaryOf(one, { isMine: one.isMine, state: one.state }))
    return [200, { name: who, routes: list }]
  }
  if (route && method === 'GET') return [200, mine(route)]
  if (route) {
    const owner = desk.owners.get(route.routeId)
    if (owner !== undefined && owner !== who) return [409, problemOf(refuse('route_taken', owner))]
    desk.owners.set(route.routeId, who)
    return [200, mine(route)]
  }
  if (!Value.Check(CrewActs, body)) return [400, {}]
  const results = body.acts.slice(0, desk.actsAtOnce).map((act) => {
    const isNew = !desk.ids.has(act.actId)
    desk.ids.add(act.actId)
    if (isNew) desk.acts.push(act)
    return { actId: act.actId, outcome: isNew ? 'applied' : 'repeated', code: null, by: null }
  })
  return [200, { results, route: null } satisfies Omit<CrewActsAnswer, 'results'> & { results: unknown }]
}

/** What crews need of a bike: where its lock is, whether somebody uses it. */
function makeBike(n: number, at: Position): Bike {
  let whereabouts: Whereabouts = { ...at, headingDeg: 0, speedMps: 0 }
  return {
    number: String(1_000 + n),
    claimedBy: null,
    heldByCrew: null,
    handsOffTillMs: 0,
    stopVirtualRide: null,
    random: { next: () => 0.5 },
    lock: {
      whereabouts: () => whereabouts,
      setPosition: (next: Whereabouts) => {
        whereabouts = next
      },
      boltPosition: () => 'closed',
    },
  } as unknown as Bike
}

const map = {
  places: { centre: { lon: 4.69, lat: 52.3 } },
  wayTo: (from: Position, to: Position) => ({ nodes: [0, 1], lengthM: distanceM(from, to) }),
  along: () => ({ lon: 4.7, lat: 52.3, headingDeg: 0, speedMps: 7 }),
} as unknown as StreetMap

interface Street {
  readonly bikes: readonly Bike[]
  readonly said: string[]
  crews: Crews
  /** Lets the night go on until something is so; the city's timers and the network take turns. */
  until(isSo: () => boolean): Promise<void>
}

function openStreet(desk: Desk, vans: number, saved: readonly SavedCrew[] = []): Street {
  let nowMs = nightBeginsMs
  const heap = createTimerHeap()
  const bikes = [0, 1, 2].map((n) => makeBike(n, bikeOf(n) as Position))
  const said: string[] = []
  const { ask, counts } = createAsker(agent)
  const fleet = { bikes, byNumber: (number: string) => bikes.find((bike) => bike.number === number) ?? null }
  const opened = sendCrewsOut({
    seed: 'night',
    run: 1,
    vans,
    saved,
    fleet: fleet as unknown as Fleet,
    map,
    api: createZwermApi(desk.url, ask),
    schedule: (atMs, act) => {
      const entry = heap.push(atMs, act)
      return () => heap.cancel(entry)
    },
    clock: {
      nowMs: () => nowMs,
      speed: () => 1,
      isServerHere: () => !desk.isAway,
    } as Parameters<typeof sendCrewsOut>[0]['clock'],
    localTime: (atMs) => ({ weekday: 2, hour: (22 + (atMs - nightBeginsMs) / 3_600_000) % 24 }),
    log: { line: (line) => void said.push(line), trouble: (_topic, line) => void said.push(line) },
  })
  crews = opened
  return {
    bikes,
    said,
    crews: opened,
    until: async (isSo) => {
      const endMs = nowMs + 7 * 3_600_000
      while (!isSo()) {
        if (counts.underWay > 0) {
          await sleep(1)
          continue
        }
        const next = heap.nextAtMs()
        if (next === null || next > endMs) throw new Error(`it never came to that; ${said.join('; ')}`)
        nowMs = Math.max(nowMs, Math.ceil(next))
        heap.popDue(nowMs)?.act?.()
        await Promise.resolve()
      }
    },
  }
}

const kindsOf = (acts: readonly CrewAct[], routeId: string) =>
  acts.filter((act) => act.routeId === routeId).map(({ act }) => act)

describe('simulated night crews', () => {
  it('take a route each, move its bikes and end their shifts', async () => {
    const desk = await openDesk()
    const street = openStreet(desk, 2)
    await street.until(() => street.crews.state().byPhase.done === 2 && street.crews.state().actsWaiting === 0)
    expect(desk.owners.size).toBe(2)
    expect(new Set(desk.owners.values()).size).toBe(2)
    const kinds = kindsOf(desk.acts, uuidOf(900))
    expect(kinds.at(-1)).toBe('end_shift')
    const loaded = kinds.filter((kind) => kind === 'load' || kind === 'broken').length
    expect(kinds.filter((kind) => kind === 'unload')).toHaveLength(loaded)
    expect(street.crews.state()).toMatchObject({ vansOut: 0, bikesInVans: 0, bikesMoved: loaded, actsWaiting: 0 })
    for (const act of desk.acts.filter(({ act }) => act === 'unload')) {
      const bike = street.bikes.find(({ number }) => 'bike' in act && number === act.bike) as Bike
      const place = { lon: act.lon ?? 0, lat: act.lat ?? 0 }
      expect(distanceM(bike.lock.whereabouts(), place)).toBeLessThan(1)
      const stop = routes[0]?.stops.find(({ stopId }) => 'stopId' in act && stopId === act.stopId)
      expect(distanceM(place, stop ?? place)).toBeLessThan(26)
      expect(bike.heldByCrew).toBeNull()
    }
  })

  it('keep what they did while the server is away, and tell it once when it is back', async () => {
    const desk = await openDesk()
    const street = openStreet(desk, 1)
    await street.until(() => desk.owners.size === 1)
    await street.until(() => street.crews.state().vansOut === 1)
    desk.isAway = true
    await street.until(() => street.crews.state().byPhase.done === 1)
    const waiting = street.crews.saved()[0]?.acts ?? []
    expect(desk.acts).toEqual([])
    expect(waiting.at(-1)?.act).toBe('end_shift')
    desk.isAway = false
    // Something breaks after each act: it is the phone's turn to ask again for those behind it.
    desk.actsAtOnce = 1
    await street.until(() => street.crews.state().actsWaiting === 0)
    expect(desk.acts).toEqual(waiting)
  })

  it('go on after a restart with the bikes in the van and the acts that nobody has heard', async () => {
    const desk = await openDesk()
    desk.owners.set(uuidOf(900), 'Night-crew-1')
    const frame = { actId: uuidOf(70), routeId: uuidOf(900), atMs: routeOf().startsAt, lon: 4.7, lat: 52.3 }
    const act: CrewAct = { ...frame, act: 'load', bike: '1000', stopId: uuidOf(101) }
    const carries = [bikeOf(0).number]
    const kept: SavedCrew = { index: 0, lon: 4.71, lat: 52.3, isSomewhere: true, carries, acts: [act] }
    const street = openStreet(desk, 1, [kept])
    expect(street.bikes[0]?.heldByCrew).toBe(0)
    expect(distanceM((street.bikes[0] as Bike).lock.whereabouts(), kept)).toBeLessThan(1)
    await street.until(() => street.crews.state().vansOut === 1)
    expect(desk.acts[0]).toEqual(act)
  })

  it('leave a bike alone that a rider is about to take', async () => {
    const desk = await openDesk()
    desk.owners.set(uuidOf(901), 'somebody else')
    const street = openStreet(desk, 1)
    const [first] = street.bikes as [Bike]
    first.claimedBy = 7
    await street.until(() => desk.acts.some(({ act }) => act === 'end_shift'))
    expect(desk.acts.some((act) => 'bike' in act && act.bike === first.number)).toBe(false)
    expect(first.heldByCrew).toBeNull()
  })
})
