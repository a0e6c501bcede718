import type { EndReason, TripView } from '../../../contracts/http/trips.ts'
import { asId, type PaymentId, type RiderId, type TripId } from '../../../contracts/ids.ts'
import type { Random } from '../../../contracts/random.ts'
import { isRefusal, type Refusal } from '../../../contracts/refusals.ts'
import { minor } from '../../../contracts/units.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Rooms } from '../../../server/rooms.ts'
import type { PeopleFaults } from '../swarm.ts'
import type { Bank } from './bank.ts'
import type { Notes } from './notes.ts'
import { createPhone } from './phone.ts'
import { createPhoneClock } from './phone-clock.ts'
import type { Server } from './server.ts'
import { rideTo } from './street.ts'

/** A bike as a rider finds it: the code on its sticker, and the lock that can be touched. */
export interface StreetBike {
  readonly code: string
  readonly lock: Lock
}

export interface RiderSettings {
  readonly riderId: RiderId
  readonly clock: VirtualClock
  readonly random: Random
  readonly server: Server
  readonly bank: Bank
  readonly bikes: readonly StreetBike[]
  readonly faults: PeopleFaults
  readonly notes: Notes
  /** The world is healed: finish what you began, and start nothing. */
  readonly isOver: () => boolean
  /** Rests between rides last so many times longer. */
  readonly restFactor: () => number
}

const holdMinor = minor(9_900)
const askEveryMs = 6_000
const patienceAsks = 20
const pushes = 4
/** As in rider-app/trip/kept-press.ts: how often a press that got no answer is sent again, and for how long it is meant. */
const pressAgainMs = 4_000
const meantForMs = { resume: 60_000, other: 600_000 }

/** One person with a phone, doing through the services what the rider app does over HTTP. */
export function createRider(settings: RiderSettings) {
  const { riderId, clock, random, server, bank, bikes, faults, notes, isOver } = settings

  const ofClock = random.split('phone clock')
  const time = createPhoneClock({
    ...{ clock, notes, random: ofClock.split('errors') },
    isWrong: ofClock.chance(faults.phoneClockWrong),
  })
  const phone = createPhone({
    ...{ riderId, clock, server, notes, time, random: random.split('phone') },
    ...{ breaks: faults.phoneBreaks, eavesdrops: faults.phoneEavesdrops },
  })

  const wait = (fromMs: number, toMs: number) =>
    new Promise<void>((resolve) => clock.schedule(clock.nowMs() + random.integer(fromMs, toMs), resolve))

  type Request<T> = (rooms: Rooms) => Promise<T | Refusal | null>

  /** The value, or null when the request was refused or got no answer. */
  const ask = async <T extends object>(name: string, request: Request<T>) => (await put(name, request)).value

  /** A press that got no answer is kept and sent again, for as long as it is meant by this phone's clock. */
  async function press<T extends object>(name: string, request: Request<T>): Promise<void> {
    const pressed = time.now()
    const meantMs = name === 'resume' ? meantForMs.resume : meantForMs.other
    while (!(await put(name, request)).isHeard && time.isWrong) {
      await wait(pressAgainMs, pressAgainMs)
      time.wander()
      if (!time.isYoung(pressed, meantMs)) return
    }
  }

  async function put<T extends object>(name: string, request: Request<T>) {
    const answer = await server.ask(request)
    const value = answer.kind === 'answered' ? answer.value : null
    const why = answer.kind === 'no_answer' ? 'no answer' : isRefusal(answer.value) ? answer.value.code : 'yes'
    notes.trace(`${clock.nowMs()} rider ${riderId.slice(-4)} ${name}: ${why}`)
    if (name !== 'view' && name !== 'promise view') notes.count(`${name}: ${why}`)
    const isHeard = answer.kind === 'answered'
    return { isHeard, value: value === null || isRefusal(value) ? null : (value as Exclude<T, Refusal>) }
  }

  async function live(): Promise<void> {
    await wait(0, Math.round(300_000 * settings.restFactor()))
    while (!isOver()) {
      await oneRide()
      await wait(10_000, Math.round(420_000 * settings.restFactor()))
    }
    // Whoever was told that a bike opened after all goes back to it and closes it.
    for (;;) {
      const left = await activeTrip()
      if (left !== null) await ride(left)
      await wait(30_000, 90_000)
    }
  }

  async function oneRide(): Promise<void> {
    const promiseId = await promise()
    if (promiseId === null) return
    await wait(500, 5_000)
    if (isOver()) return
    const bike = choose()
    const started = await ask('start', (rooms) => rooms.trips.start(riderId, { bikeCode: bike.code, promiseId }))
    // An answer that was lost: the app asks what became of it.
    const tripId = started ? asId<TripId>(started.tripId) : await activeTrip()
    if (tripId !== null) await ride(tripId)
  }

  /** Mostly a bike that looks free; the others keep the refusals in practice. */
  function choose(): StreetBike {
    const known = server.rooms()?.fleet
    const free = bikes.filter(({ code }) => known?.bikeByCode(code)?.inUse === false)
    return random.pick(free.length > 0 && random.chance(0.7) ? free : bikes)
  }

  async function activeTrip(): Promise<TripId | null> {
    for (let tries = 0; tries < patienceAsks; tries++) {
      const answer = await server.ask((rooms) => rooms.trips.activeTripOf(riderId))
      if (answer.kind === 'answered') return answer.value
      await wait(askEveryMs, 2 * askEveryMs)
    }
    return null
  }

  async function promise(): Promise<PaymentId | null> {
    const order = { provider: 'alipay', returnPath: '/ride', amountMinor: holdMinor, currency: 'CNY' }
    let view = await ask('promise', (rooms) => rooms.payments.openPromise(riderId, order))
    if (!view) return null
    const promiseId = asId<PaymentId>(view.promiseId)
    let hasPaid = false
    for (let asks = 0; asks < patienceAsks; asks++) {
      if (view?.state === 'held') return promiseId
      if (view && view.state !== 'hold_pending') return null
      if (view?.next.kind === 'redirect' && !hasPaid) {
        hasPaid = true
        await wait(1_000, 15_000)
        if (random.chance(faults.payerForgets)) return null
        bank.answer(view.next.url, random.chance(faults.payerDeclines) ? random.pick(['decline', 'expire']) : 'approve')
      }
      await wait(askEveryMs, 2 * askEveryMs)
      view = await ask('promise view', (rooms) => rooms.payments.promiseView(riderId, promiseId))
    }
    return null
  }

  const look = (tripId: TripId) => ask('view', (rooms) => rooms.trips.view(riderId, tripId))

  /** From the unlock to the receipt. Every bike of the street is within reach, so that nobody rides by mistake. */
  async function ride(tripId: TripId): Promise<void> {
    let hasRidden = false
    for (;;) {
      await wait(askEveryMs, 2 * askEveryMs)
      const view = await look(tripId)
      if (!view) continue
      if (isDone(view) || view.riderFree) return afterwards(view)
      if (view.state === 'promised' && random.chance(faults.cancels)) {
        await press('cancel', (rooms) => rooms.trips.cancel(riderId, tripId))
      }
      if ((view.state === 'promised' || view.state === 'unlocking') && takesPhone(lockOf(view))) {
        await phone.open(tripId, lockOf(view))
      }
      if (view.state === 'riding') {
        if (hasRidden) await endSomehow(tripId, lockOf(view))
        else await go(tripId, lockOf(view))
        hasRidden = true
      }
      if (view.state === 'paused') await resumeOrEnd(tripId, lockOf(view))
    }
  }

  const lockOf = (view: TripView): Lock => {
    const found = server.rooms()?.fleet.bikeByCode(view.bikeNumber)
    return (bikes.find(({ code }) => code === found?.code) ?? bikes[0])!.lock
  }

  async function go(tripId: TripId, lock: Lock): Promise<void> {
    notes.count('ride')
    const { lon, lat } = lock.whereabouts()
    for (let leg = random.integer(1, 8); leg > 0 && !isOver(); leg--) {
      const there = { lon: lon + random.integer(-5, 5) / 1_000, lat: lat + random.integer(-5, 5) / 1_000 }
      rideTo(lock, { ...there, headingDeg: random.integer(0, 359) })
      await wait(10_000, 60_000)
    }
    lock.setPosition({ ...lock.whereabouts(), speedMps: 0 })
    if (random.chance(faults.freeExits)) {
      await press('free exit', (rooms) => rooms.trips.freeExit(riderId, tripId, 'brakes'))
    }
    if (random.chance(faults.pauses)) {
      if (takesPhone(lock)) return phone.use(tripId, lock, 'pause', () => push(lock))
      await press('pause', (rooms) => rooms.trips.pause(riderId, tripId))
      await push(lock)
    } else await endSomehow(tripId, lock)
  }

  async function endSomehow(tripId: TripId, lock: Lock): Promise<void> {
    if (!isOver() && random.chance(faults.leavesOpen)) {
      await wait(60_000, 1_200_000)
      return
    }
    if (!isOver() && takesPhone(lock)) return phone.use(tripId, lock, 'end', () => push(lock))
    const isClosed = await push(lock)
    if (isClosed && (isOver() || !random.chance(faults.endsByApp))) return
    const reason = isClosed ? 'lock_closed_but_ride_goes_on' : 'lock_will_not_close'
    await endByApp(tripId, reason)
  }

  async function endByApp(tripId: TripId, reason: EndReason): Promise<void> {
    notes.endedByHand.add(tripId)
    await press('end', (rooms) => rooms.trips.end(riderId, tripId, reason))
  }

  /** True when the bolt is through the wheel, as anybody can see. */
  async function push(lock: Lock): Promise<boolean> {
    for (let tries = 0; tries < pushes && lock.boltPosition() !== 'closed'; tries++) {
      lock.pushLever()
      await wait(1_000, 4_000)
    }
    return lock.boltPosition() === 'closed'
  }

  /** Mostly where the network does not reach the lock. */
  const takesPhone = (lock: Lock): boolean =>
    faults.usesPhone > 0 && random.chance(lock.isConnected() ? faults.usesPhone * 0.2 : faults.usesPhone)

  async function resumeOrEnd(tripId: TripId, lock: Lock): Promise<void> {
    await wait(10_000, 240_000)
    if (isOver() || random.chance(0.25)) {
      // Some change their mind while the lock is still being asked to open.
      if (random.chance(0.3)) await press('resume', (rooms) => rooms.trips.resume(riderId, tripId))
      await endByApp(tripId, 'other')
      return
    }
    if (takesPhone(lock)) return phone.use(tripId, lock, 'resume', () => Promise.resolve())
    await press('resume', (rooms) => rooms.trips.resume(riderId, tripId))
    await wait(5_000, 20_000)
  }

  async function afterwards(view: TripView): Promise<void> {
    const tripId = asId<TripId>(view.tripId)
    const mayExit = view.startedAt !== null && !isOver() && random.chance(faults.freeExits)
    if (mayExit) await ask('free exit after', (rooms) => rooms.trips.freeExit(riderId, tripId, 'changed_my_mind'))
    notes.count(`trip ${view.state}${view.riderFree ? ', rider free' : ''}`)
  }

  return { live }
}

const isDone = ({ state }: TripView) =>
  state === 'ended' || state === 'charged' || state === 'failed' || state === 'cancelled'
