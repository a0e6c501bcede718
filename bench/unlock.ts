import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Agent, get, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { assert, present } from '../contracts/assert.ts'
import type { ProvisionedBike } from '../contracts/http/staff.ts'
import type { TripView } from '../contracts/http/trips.ts'
import { eventData } from '../lock-simulator/city/sse-lines.ts'
import { logInRider } from '../test/fixtures/rider-client.ts'
import type { StreetNews, StreetOrder } from './unlock-locks.ts'
import { type BenchPlatform, openBenchPlatform } from './unlock-platform.ts'

const locks = 1_000
const recordsPerS = 100
/** Not counted: the first ones compile the code and fill the caches. */
const warmUps = 20
const unlocks = 300
const unlocksPerS = 4
const ridersAtOnce = 4
const bikesPerOrder = 250
const unlockLimitMs = 20_000

interface Rider {
  readonly token: string
  readonly promiseId: string
}
interface Unlock {
  /** From the request to the rider's *open*, the lock's own time taken off. */
  readonly serverMs: number
  /** Its two halves, by the clock that all processes of a machine share: request to command, *done* to rider. */
  readonly toLockMs: number
  readonly toRiderMs: number
}
type Said<Kind extends StreetNews['kind']> = Extract<StreetNews, { kind: Kind }>

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)
const nowMs = (): number => performance.timeOrigin + performance.now()

/**
 * With 1,000 locks connected and 100 telemetry records a second: the server's own share of an unlock, from the request
 * to the rider being told *open*, beside a bare MQTT command round trip on the same broker at the same time.
 */
export async function run(): Promise<Record<string, unknown>> {
  say('opening the platform')
  const platform = await openBenchPlatform(say)
  const street = openStreet()
  try {
    const bikes = await provision(platform)
    const firmware = bikes.slice(0, warmUps + unlocks)
    const lean = bikes.slice(firmware.length)
    say(`connecting ${bikes.length} locks, ${firmware.length} of them with the real firmware`)
    await street.order({ kind: 'connect', mqttUrl: platform.mqttUrl, firmware, lean }, 'connected')
    await street.order({ kind: 'talk', recordsPerS }, 'talking')
    say(`${firmware.length} riders promise their payment`)
    const riders = await openRiders(platform, firmware.length)
    say(`${warmUps} + ${unlocks} unlocks, ${unlocksPerS} a second`)
    const before = await street.order({ kind: 'count' }, 'counted')
    const beganMs = nowMs()
    const measured = await unlockAll(platform, street, { firmware, lean, riders })
    const after = await street.order({ kind: 'count' }, 'counted')
    const storedPerS = ((after.stored - before.stored) / (nowMs() - beganMs)) * 1_000
    say(`${storedPerS.toFixed(1)} records a second were stored meanwhile, ${after.sent - after.stored} were in flight`)
    return { database: platform.database, ...measured, locks: bikes.length, unlocks }
  } finally {
    street.close()
    await platform.close()
  }
}

async function unlockAll(
  platform: BenchPlatform,
  street: ReturnType<typeof openStreet>,
  cast: {
    readonly firmware: readonly ProvisionedBike[]
    readonly lean: readonly ProvisionedBike[]
    readonly riders: readonly Rider[]
  },
): Promise<Record<string, number>> {
  const running: Promise<Unlock>[] = []
  const echoes: Promise<number>[] = []
  const startMs = performance.now()
  for (const [index, bike] of cast.firmware.entries()) {
    await pause(Math.max(0, startMs + (index / unlocksPerS) * 1_000 - performance.now()))
    running.push(unlock(platform, street, bike, present(cast.riders[index], 'every bike has its rider')))
    await pause(Math.max(0, startMs + ((index + 0.5) / unlocksPerS) * 1_000 - performance.now()))
    echoes.push(platform.echo(present(cast.lean[index % cast.lean.length], 'there are lean locks').lockId))
  }
  const done = (await Promise.all(running)).slice(warmUps)
  const bare = (await Promise.all(echoes)).slice(warmUps)
  const of = (pick: (one: Unlock) => number) => quantiles(done.map(pick))
  const [server, toLock, toRider, mqtt] = [
    of((one) => one.serverMs),
    of((one) => one.toLockMs),
    of((one) => one.toRiderMs),
    quantiles(bare),
  ]
  say(`request to command: p50 ${toLock.p50} ms, p99 ${toLock.p99} ms`)
  say(`the lock's "done" to the rider: p50 ${toRider.p50} ms, p99 ${toRider.p99} ms`)
  return { p50_ms: server.p50, p99_ms: server.p99, mqtt_p50_ms: mqtt.p50, mqtt_p99_ms: mqtt.p99 }
}

const agent = new Agent({ keepAlive: true })

async function unlock(
  platform: BenchPlatform,
  street: ReturnType<typeof openStreet>,
  bike: ProvisionedBike,
  rider: Rider,
): Promise<Unlock> {
  const asked = street.hears('asked', bike.lockId)
  const opened = street.hears('opened', bike.lockId)
  const beganMs = nowMs()
  const { tripId } = await startTrip(platform.url, rider, bike.code)
  const toldMs = await toldOpen(`${platform.url}/v1/trips/${tripId}/events`, rider.token)
  const [{ atMs: askedMs }, { atMs: openedMs, ownMs }] = await Promise.all([asked, opened])
  return { serverMs: toldMs - beganMs - ownMs, toLockMs: askedMs - beganMs, toRiderMs: toldMs - openedMs }
}

function startTrip(url: string, rider: Rider, bikeCode: string): Promise<TripView> {
  const body = JSON.stringify({ bikeCode, promiseId: rider.promiseId })
  const headers = {
    authorization: `Bearer ${rider.token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': randomUUID(),
  }
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/v1/trips`, { method: 'POST', agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => {
        if (answer.statusCode === 201) resolve(JSON.parse(text) as TripView)
        else reject(new Error(`POST /v1/trips answered ${String(answer.statusCode)}: ${text}`))
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/** The moment at which the stream of the trip says that the ride has begun. */
function toldOpen(url: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = get(url, { headers: { authorization: `Bearer ${token}` } }, async (answer) => {
      try {
        for await (const data of eventData(answer)) {
          const atMs = nowMs()
          const { state } = JSON.parse(data) as TripView
          if (state === 'riding') return resolve(atMs)
        }
        reject(new Error('the stream ended before the bike was open'))
      } catch (error) {
        reject(error)
      } finally {
        asking.destroy()
      }
    })
    asking.on('error', reject)
    asking.setTimeout(unlockLimitMs, () => asking.destroy(new Error('the bike did not open')))
  })
}

async function provision(platform: BenchPlatform): Promise<ProvisionedBike[]> {
  const bikes: ProvisionedBike[] = []
  while (bikes.length < locks) {
    const order = Array.from({ length: Math.min(bikesPerOrder, locks - bikes.length) }, (_, index) => ({
      ...{ lockId: `bench-unlock-${bikes.length + index}`, lon: 4.726, lat: 52.3585 },
    }))
    const answer = await fetch(`${platform.url}/v1/staff/bikes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.factoryToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ bikes: order }),
    })
    assert(answer.status === 201, 'new bikes are taken')
    bikes.push(...((await answer.json()) as { bikes: ProvisionedBike[] }).bikes)
  }
  return bikes
}

async function openRiders(platform: BenchPlatform, count: number): Promise<Rider[]> {
  const riders: Rider[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++
      const client = await logInRider(platform.url, `bench-${index}@example.org`)
      riders[index] = { token: client.token, promiseId: await client.promise() }
    }
  }
  await Promise.all(Array.from({ length: ridersAtOnce }, work))
  return riders
}

/** The process of the locks. */
function openStreet() {
  const program = fileURLToPath(new URL('./unlock-locks.ts', import.meta.url))
  const child: ChildProcess = fork(program, { execArgv: ['--import', 'tsx'] })
  const waiting = new Map<string, (news: StreetNews) => void>()
  child.on('message', (news: StreetNews) => {
    const key = 'lockId' in news ? `${news.kind}/${news.lockId}` : news.kind
    waiting.get(key)?.(news)
    waiting.delete(key)
  })
  const wait = <Kind extends StreetNews['kind']>(key: string): Promise<Said<Kind>> =>
    new Promise((resolve) => waiting.set(key, (news) => resolve(news as Said<Kind>)))
  return {
    order: <Kind extends StreetNews['kind']>(order: StreetOrder, answer: Kind): Promise<Said<Kind>> => {
      const answered = wait<Kind>(answer)
      child.send(order)
      return answered
    },
    hears: <Kind extends 'asked' | 'opened'>(kind: Kind, lockId: string) => wait<Kind>(`${kind}/${lockId}`),
    close: () => child.disconnect(),
  }
}

function quantiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 100) / 100
  return { p50: at(0.5), p99: at(0.99) }
}
