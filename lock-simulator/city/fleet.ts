import { setTimeout as sleep } from 'node:timers/promises'
import type { ProvisionedBike } from '../../contracts/http/staff.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { type Random, seededRandom } from '../../contracts/random.ts'
import { distanceM, type Position } from '../../contracts/units.ts'
import { createLock } from '../body/lock-body.ts'
import type { Schedule } from '../body/schedule.ts'
import type { BackOffLimits } from '../radio/back-off.ts'
import { createMqttRadio } from '../radio/mqtt-radio.ts'
import { type Bike, listenToLock, placeOf } from './bike.ts'
import { firstPosition } from './core/first-positions.ts'
import { personaOf } from './core/personas.ts'
import { lockRandom } from './lock-random.ts'
import type { Log } from './log.ts'
import type { SavedBike } from './saved-city.ts'
import type { ServerClock } from './server-clock.ts'
import type { StreetMap } from './street-map.ts'
import type { StreetMood } from './street-mood.ts'
import type { ZwermApi } from './zwerm-api.ts'

export interface Fleet {
  readonly bikes: readonly Bike[]
  byNumber(number: string): Bike | null
  /** The bike that stands nearest to a place, of those that fit. */
  nearest(place: Position, reachM: number, fits: (bike: Bike) => boolean): Bike | null
  connected(): number
  messages(): { readonly up: number; readonly down: number }
  stop(): void
}

export interface FleetOrder {
  readonly seed: string
  readonly run: number
  readonly size: number
  readonly saved: ReadonlyMap<string, SavedBike>
  readonly map: StreetMap
  readonly api: ZwermApi
  readonly factoryToken: string
  readonly mqttUrl: string
  readonly clock: ServerClock
  readonly schedule: Schedule
  readonly log: Log
  readonly isStopping: () => boolean
  readonly mood: Pick<StreetMood, 'factors'>
}

const bikesPerCall = 150
const models = ['Waterstad 3', 'Waterstad 7'] as const
const switchedOnPerSecond = 80
const switchOnEveryMs = 100
/** Quicker than in the field: real time is dear in a city that runs ten times faster. */
const cityBackOff: BackOffLimits = { baseMs: 1_000, capMs: 15_000, resetAfterMs: 15_000 }
/** Real time: under a fast clock the network does not get faster. */
const pubackTimeoutRealMs = 20_000
const retryMs = { first: 500, slowest: 10_000 }

/** Orders the bikes from the factory route and switches their locks on, spread over some seconds. */
export async function startFleet(order: FleetOrder): Promise<Fleet> {
  const { clock, log } = order
  const ids = lockIds(order.seed, order.size)
  const counts = { up: 0, down: 0 }
  const bikes: Bike[] = []
  const byNumber = new Map<string, Bike>()
  const setPatience = () => {
    for (const { lock } of bikes) lock.setPubackTimeout(patience(clock))
  }
  const startMs = Date.now()
  for (let from = 0; from < ids.length && !order.isStopping(); from += bikesPerCall) {
    const some = await provision(order, ids.slice(from, from + bikesPerCall))
    for (const provisioned of some) {
      if (order.isStopping()) break
      const bike = switchOn(order, provisioned)
      bike.lock.onMessage(({ direction }) => {
        counts[direction]++
      })
      bikes.push(bike)
      byNumber.set(bike.number, bike)
      const aheadMs = (bikes.length * 1_000) / switchedOnPerSecond - (Date.now() - startMs)
      if (aheadMs > switchOnEveryMs) await sleep(switchOnEveryMs)
    }
    log.line(`${bikes.length} of ${ids.length} bikes are on the street`)
  }
  let lastSpeed = clock.speed()
  clock.onChange(() => {
    if (clock.speed() === lastSpeed) return
    lastSpeed = clock.speed()
    setPatience()
  })
  return {
    bikes,
    byNumber: (number) => byNumber.get(number) ?? null,
    nearest: (place, reachM, fits) => {
      let best: Bike | null = null
      let bestM = reachM
      for (const bike of bikes) {
        const gapM = distanceM(place, placeOf(bike))
        if (gapM <= bestM && fits(bike)) {
          best = bike
          bestM = gapM
        }
      }
      return best
    },
    connected: () => bikes.reduce((count, { lock }) => count + (lock.isConnected() ? 1 : 0), 0),
    messages: () => ({ ...counts }),
    stop: () => {
      for (const { lock } of bikes) lock.destroy()
    },
  }
}

const patience = (clock: ServerClock): number => pubackTimeoutRealMs * Math.max(1, clock.speed())

/** Deterministic, and a larger fleet begins with the smaller one. */
function lockIds(seed: string, size: number): readonly string[] {
  const random = seededRandom(seed, 'lock ids')
  const seen = new Set<string>()
  while (seen.size < size) seen.add(`zw-${hex8(random)}`)
  return [...seen]
}

const hex8 = (random: Random): string => random.integer(0, 0xffffffff).toString(16).padStart(8, '0')

async function provision(order: FleetOrder, ids: readonly string[]): Promise<readonly ProvisionedBike[]> {
  const { api, clock, log, factoryToken } = order
  const wanted = ids.map((lockId) => {
    const { lon, lat } = placeFor(order, lockId)
    const model = seededRandom(order.seed, `model ${lockId}`).pick(models)
    return { lockId, model, lon: rounded(lon), lat: rounded(lat) }
  })
  for (let failures = 0; !order.isStopping(); failures++) {
    await clock.serverHere()
    const told = await api.provision(factoryToken, wanted)
    if (told.kind === 'answer') return told.value.bikes
    log.trouble('provision', `bikes are not provisioned yet: ${told.kind === 'refused' ? told.code : told.why}`)
    await sleep(Math.min(retryMs.slowest, retryMs.first * 2 ** Math.min(failures, 10)))
  }
  return []
}

const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

function placeFor({ saved, seed, map }: FleetOrder, lockId: string): Position {
  const kept = saved.get(lockId)
  if (kept) return { lon: kept.lon, lat: kept.lat }
  const { homes, hotspots } = map.places
  return firstPosition({ nodes: map.streets.nodes, homes, hotspots }, seededRandom(seed, `first place ${lockId}`))
}

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

const keysOf = (secrets: Pick<ProvisionedBike, 'keyVersion' | 'commandKeyHex' | 'phoneKeyHex'>) => ({
  keyVersion: secrets.keyVersion,
  commandKey: bytesOf(secrets.commandKeyHex),
  ...(secrets.phoneKeyHex === undefined ? {} : { phoneKey: bytesOf(secrets.phoneKeyHex) }),
})

function switchOn(order: FleetOrder, { lockId, number, code, ...secrets }: ProvisionedBike): Bike {
  const { seed, run, clock, schedule, mqttUrl } = order
  const persona = personaOf(seededRandom(seed, `persona ${lockId}`))
  const kept = order.saved.get(lockId)
  const random = lockRandom(seed, lockId, run)
  const batteryPercent = kept?.batteryPercent ?? persona.startBatteryPercent
  const lock = createLock({
    lockId,
    keys: keysOf(secrets),
    random,
    nowMs: clock.nowMs,
    schedule,
    radio: createMqttRadio({
      lockId: asId<LockId>(lockId),
      password: secrets.mqttPassword,
      url: mqttUrl,
      random: random.split('radio'),
      backOff: cityBackOff,
    }),
    position: placeFor(order, lockId),
    batteryPercent,
    receiver: 'field',
    isLocked: kept?.isLocked ?? true,
    pubackTimeoutMs: patience(clock),
  })
  const bike: Bike = {
    lockId,
    number,
    code,
    persona,
    random: random.split('street'),
    lock,
    mood: order.mood,
    claimedBy: null,
    heldByCrew: null,
    handsOffTillMs: 0,
    mayOpenLateTillMs: 0,
    openAloneSinceMs: null,
    batteryPercent: Math.floor(batteryPercent),
    hasAntenna: true,
    isJammed: false,
    isKeptBroken: false,
    stopVirtualRide: null,
    messages: null,
  }
  listenToLock(bike)
  return bike
}
