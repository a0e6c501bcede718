import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Value } from 'typebox/value'
import { type CityStreet, DemoFault, DemoMood, VirtualAct, VirtualRadio } from '../../contracts/http/demo.ts'
import { distanceM, Latitude, Longitude, type Position } from '../../contracts/units.ts'
import { type Bike, placeOf } from './bike.ts'
import type { Fleet } from './fleet.ts'
import { createPhoneBridge, type PhoneBridge } from './phone-bridge.ts'
import type { StreetFaults } from './street-faults.ts'
import type { StreetMood } from './street-mood.ts'
import { actOn, holdFor, type VirtualSurroundings, viewOf } from './virtual-bike.ts'

export interface ControlDeps extends VirtualSurroundings {
  readonly fleet: () => Fleet | null
  readonly state: () => unknown
  readonly street: () => CityStreet
  readonly mood: Pick<StreetMood, 'change'>
  readonly faults: Pick<StreetFaults, 'happen' | 'heal'>
}

const shownBikes = 10
const listHoldRealMs = 15_000
const mostBodyBytes = 4_096
const localhost = '127.0.0.1'

type Reply = readonly [status: number, body: unknown]
const notFound: Reply = [404, { error: 'there is nothing here' }]
const badRequest: Reply = [400, { error: 'the request does not fit' }]

/**
 * The panel's way to the bikes: `GET /bikes?lon&lat` → VirtualBikes, `GET /bikes/:number` and
 * `POST /bikes/:number/act` → VirtualBike, `POST /bikes/:number/radio` → VirtualRadioAnswer, `GET /state` → counts. The demo desk's: `GET /street` and `POST /mood` →
 * CityStreet, `POST /faults` → DemoFaultDone, `POST /heal` → DemoHealed. Only for processes of this machine.
 */
export async function openControlServer(deps: ControlDeps): Promise<{ readonly url: string; close(): Promise<void> }> {
  const bridge = createPhoneBridge()
  const server = createServer((request, response) => {
    answer(deps, request, bridge)
      .catch((): Reply => badRequest)
      .then((reply) => send(response, reply))
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, localhost, resolve)
  })
  return {
    url: `http://${localhost}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        bridge.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(deps: ControlDeps, request: IncomingMessage, bridge: PhoneBridge): Promise<Reply> {
  const url = new URL(request.url ?? '/', `http://${localhost}`)
  const [, room, number, verb] = url.pathname.split('/')
  const fleet = deps.fleet()
  if (request.method === 'GET' && url.pathname === '/state') return [200, deps.state()]
  if (number === undefined && room !== 'bikes') return deskAnswer(deps, request, room)
  if (room !== 'bikes' || fleet === null) return notFound
  if (number === undefined) return request.method === 'GET' ? nearestBikes(fleet, deps, url.searchParams) : notFound
  const bike = fleet.byNumber(number)
  return bike === null ? notFound : bikeAnswer(deps, request, bridge, bike, verb)
}

async function bikeAnswer(
  deps: ControlDeps,
  request: IncomingMessage,
  bridge: PhoneBridge,
  bike: Bike,
  verb: string | undefined,
): Promise<Reply> {
  if (request.method === 'GET' && verb === undefined) {
    if (bike.claimedBy === null) holdFor(bike, deps.clock)
    return [200, viewOf(bike)]
  }
  if (request.method !== 'POST' || (verb !== 'act' && verb !== 'radio')) return notFound
  const act: unknown = JSON.parse(await bodyOf(request))
  if (verb === 'radio') return Value.Check(VirtualRadio, act) ? [200, await bridge.exchange(bike, act)] : badRequest
  if (!Value.Check(VirtualAct, act)) return badRequest
  actOn(bike, act, deps)
  return [200, viewOf(bike)]
}

async function deskAnswer(deps: ControlDeps, request: IncomingMessage, room: string | undefined): Promise<Reply> {
  const { street, mood, faults } = deps
  if (request.method === 'GET') return room === 'street' ? [200, street()] : notFound
  if (request.method !== 'POST') return notFound
  const body: unknown = JSON.parse((await bodyOf(request)) || '{}')
  switch (room) {
    case 'mood':
      if (!Value.Check(DemoMood, body)) return badRequest
      mood.change(body)
      return [200, street()]
    case 'faults':
      return Value.Check(DemoFault, body) ? [200, { numbers: faults.happen(body) }] : badRequest
    case 'heal':
      return [200, { healed: faults.heal() }]
    default:
      return notFound
  }
}

function nearestBikes(fleet: Fleet, { clock }: ControlDeps, query: URLSearchParams): Reply {
  const place = { lon: Number(query.get('lon') ?? 'none'), lat: Number(query.get('lat') ?? 'none') }
  if (!Value.Check(Longitude, place.lon) || !Value.Check(Latitude, place.lat)) return badRequest
  const bikes = nearestOf(
    fleet.bikes.filter((bike) => bike.claimedBy === null && bike.heldByCrew === null),
    place,
  )
  // Held back from riders for a little while, so that the bike is still there when the person chooses.
  const heldTillMs = clock.nowMs() + listHoldRealMs * clock.speed()
  for (const bike of bikes) bike.handsOffTillMs = Math.max(bike.handsOffTillMs, heldTillMs)
  return [200, { bikes: bikes.map((bike) => ({ ...viewOf(bike), log: [] })) }]
}

function nearestOf(bikes: readonly Bike[], place: Position): readonly Bike[] {
  return bikes
    .map((bike) => ({ bike, gapM: distanceM(place, placeOf(bike)) }))
    .sort((a, b) => a.gapM - b.gapM)
    .slice(0, shownBikes)
    .map(({ bike }) => bike)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostBodyBytes) throw new Error('the body is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function send(response: ServerResponse, [status, body]: Reply): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(text)
}
