import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CityStreet } from '../../contracts/http/demo.ts'
import { seededRandom } from '../../contracts/random.ts'
import { createAsker, mostRequestsAtOnce } from './asking.ts'
import type { Bike } from './bike.ts'
import { createCityScheduler } from './city-scheduler.ts'
import { openControlServer } from './control-server.ts'
import { type Crews, sendCrewsOut } from './crews.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { createLocalTime } from './local-time.ts'
import type { Log } from './log.ts'
import { letPeopleRide, type Riders } from './riders.ts'
import { loadCity, type SavedBike, saveCity } from './saved-city.ts'
import { followServerClock } from './server-clock.ts'
import type { CitySettings } from './settings.ts'
import { createStreetFaults } from './street-faults.ts'
import { readStreetMap } from './street-map.ts'
import { keepStreetGoing } from './street-mishaps.ts'
import { createStreetMood } from './street-mood.ts'
import { createZwermApi } from './zwerm-api.ts'

export interface City {
  readonly controlUrl: string
  stop(): Promise<void>
}

const saveEveryMs = 30_000
const tellEveryMs = 60_000
/** The rest come while people already ride. */
const connectedShareToBegin = 0.8
const connectedLookEveryMs = 100
const longestConnectWaitMs = 60_000
/** Locks have so long to get rid of what they have to say when the city stops. */
const lastWordsMs = 2_000

/** Brings the street to life and resolves when bikes are connected and riders ride. */
export async function openCity(settings: CitySettings, log: Log, isStopping: () => boolean): Promise<City> {
  const map = readStreetMap(settings.cityFolder)
  const saved = loadCity(settings.ownFolder, settings.seed)
  const run = saved.run + 1
  const savedBikes = new Map(saved.bikes.map((bike) => [bike.lockId, bike]))
  // Counted before the first lock boots: a crash must not bring a boot id back.
  saveCity(settings.ownFolder, { ...saved, run })

  const clock = await followServerClock(settings.zwermUrl, log)
  const scheduler = createCityScheduler(clock, (error) => log.trouble('bug', `something broke: ${describe(error)}`))
  clock.onChange(scheduler.retime)
  const { schedule } = scheduler
  const agent = new Agent({ keepAlive: true, maxSockets: mostRequestsAtOnce })
  const { ask, counts } = createAsker(agent)
  const api = createZwermApi(settings.zwermUrl, ask)
  const localTime = createLocalTime(map.timeZone)
  const mood = createStreetMood(clock.nowMs)
  let fleet: Fleet | null = null
  let riders: Riders | null = null
  let crews: Crews | null = null
  const state = () => ({
    city: new Date(clock.nowMs()).toISOString(),
    speed: clock.speed(),
    serverHere: clock.isServerHere(),
    bikes: fleet?.bikes.length ?? 0,
    connected: fleet?.connected() ?? 0,
    bolts: fleet ? boltsOf(fleet) : {},
    messages: fleet?.messages() ?? { up: 0, down: 0 },
    http: { ...counts, tookMs: Math.round(counts.tookMs) },
    timers: scheduler.size(),
    cpuMs: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1_000),
    riders: riders?.state() ?? null,
    crews: crews?.state() ?? null,
  })
  const faults = createStreetFaults({
    map,
    schedule,
    clock,
    fleet: () => fleet,
    random: seededRandom(settings.seed, `faults of run ${run}`),
  })
  const street = (): CityStreet => {
    const people = riders?.state()
    const vans = crews?.state()
    return {
      mood: mood.view(),
      bikes: fleet?.bikes.length ?? 0,
      connected: fleet?.connected() ?? 0,
      riding: people?.onBike ?? 0,
      tripsBegun: people?.tripsBegun ?? 0,
      vansOut: vans?.vansOut ?? 0,
      bikesMoved: vans?.bikesMoved ?? 0,
      happened: faults.happened(),
      suffering: faults.suffering(),
    }
  }
  const control = await openControlServer({
    mood,
    faults,
    street,
    map,
    schedule,
    clock,
    random: seededRandom(settings.seed, `panel ${run}`),
    fleet: () => fleet,
    state,
  })

  fleet = await startFleet({
    seed: settings.seed,
    run,
    size: settings.bikes,
    saved: savedBikes,
    map,
    api,
    factoryToken: settings.factoryToken,
    mqttUrl: settings.mqttUrl,
    clock,
    schedule,
    log,
    isStopping,
    mood,
  })
  await mostlyConnected(fleet, isStopping)
  log.line(`${fleet.connected()} of ${fleet.bikes.length} locks are connected`)
  const mishaps = seededRandom(settings.seed, `mishaps of run ${run}`)
  keepStreetGoing(fleet, { schedule, nowMs: clock.nowMs, localTime, random: mishaps })
  const order = { seed: settings.seed, run, fleet, map, api, clock, schedule, localTime, log, mood, saved: savedBikes }
  riders = letPeopleRide(order)
  crews = sendCrewsOut({ ...order, vans: settings.vans, saved: saved.crews ?? [] })

  const begunFleet = fleet
  const begunRiders = riders
  const begunCrews = crews
  const save = () =>
    saveCity(settings.ownFolder, {
      version: 1,
      seed: settings.seed,
      run,
      bikes: begunFleet.bikes.map((bike) => savedOf(bike, begunRiders)),
      crews: [...begunCrews.saved()],
    })
  const saving = setInterval(() => {
    try {
      save()
    } catch (error) {
      log.trouble('save', `the city's state could not be saved: ${describe(error)}`)
    }
  }, saveEveryMs)
  const telling = setInterval(() => log.line(summary(begunFleet, begunRiders, begunCrews, clock.nowMs())), tellEveryMs)
  return {
    controlUrl: control.url,
    stop: async () => {
      clearInterval(saving)
      clearInterval(telling)
      begunRiders.stop()
      begunCrews.stop()
      save()
      await lastWords(begunFleet)
      clock.stop()
      scheduler.stop()
      begunFleet.stop()
      agent.destroy()
      await control.close()
    },
  }
}

/** Where the bolts are: with somebody at the bike, and without. */
function boltsOf({ bikes }: Fleet): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { lock, claimedBy } of bikes) {
    const key = `${lock.boltPosition()}${claimedBy === null ? '' : ' in use'}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

async function mostlyConnected(fleet: Fleet, isStopping: () => boolean): Promise<void> {
  const enough = Math.ceil(fleet.bikes.length * connectedShareToBegin)
  for (let waitedMs = 0; waitedMs < longestConnectWaitMs && !isStopping(); waitedMs += connectedLookEveryMs) {
    if (fleet.connected() >= enough) return
    await sleep(connectedLookEveryMs)
  }
}

async function lastWords(fleet: Fleet): Promise<void> {
  const hasMore = ({ lock }: Bike) => lock.isConnected() && lock.outbox().events > 0
  for (let waitedMs = 0; waitedMs < lastWordsMs && fleet.bikes.some(hasMore); waitedMs += connectedLookEveryMs) {
    await sleep(connectedLookEveryMs)
  }
}

function savedOf(bike: Bike, riders: Riders): SavedBike {
  const { lon, lat } = bike.lock.whereabouts()
  const { lockId, batteryPercent } = bike
  return {
    lockId,
    lon,
    lat,
    isLocked: bike.lock.boltPosition() === 'closed',
    batteryPercent,
    rider: riders.riderOf(bike),
  }
}

function summary(fleet: Fleet, riders: Riders, crews: Crews, cityMs: number): string {
  const { onBike, tripsBegun, outcomes } = riders.state()
  const when = new Date(cityMs).toISOString().slice(0, 16).replace('T', ' ')
  const ended = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  const { vansOut, bikesInVans, bikesMoved } = crews.state()
  const vans =
    bikesMoved + vansOut === 0 ? '' : `; ${vansOut} vans out with ${bikesInVans} bikes, ${bikesMoved} bikes moved`
  return `${when}Z: ${fleet.connected()} locks connected, ${onBike} people ride, ${tripsBegun} trips begun; journeys: ${ended.join(', ')}${vans}`
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
