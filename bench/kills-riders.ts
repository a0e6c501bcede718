import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { PromiseView } from '../contracts/http/payments.ts'
import type { Me } from '../contracts/http/riders.ts'
import type { TripView } from '../contracts/http/trips.ts'
import type { FleetBike } from '../lock-simulator/wire/desk.ts'
import { type Answer, approve, logInRider, type RiderClient } from '../test/fixtures/rider-client.ts'

/** What riders know to be theirs: what the platform has answered to them. */
export interface RidersNews {
  readonly tripsStarted: readonly string[]
  readonly tripsOver: number
}

export interface Riders {
  news(): RidersNews
  /** Nobody begins another ride; resolves when every ride is over, or after the limit: how many are not. */
  finish(limitMs: number): Promise<number>
}

const againAfterMs = 200
const lookEveryMs = 200
/** Far longer than any start of the server. */
const triesLimitMs = 180_000
/** A lever is pushed again when the ride is still not over: a lock that is opened late must be closed too. */
const leverEveryMs = 3_000
const ridesAtLeastMs = 300
const ridesAtMostMs = 2_500

/**
 * Riders who take a bike, ride a moment, close it and take it again, through a platform that is killed over and over:
 * each asks again until it is answered, a start with the key that it had.
 */
export function startRiders(url: string, bikes: readonly FleetBike[], pushLever: (lockId: string) => void): Riders {
  const tripsStarted: string[] = []
  const riding = new Set<number>()
  let tripsOver = 0
  let isOver = false
  const all = bikes.map(async (bike, index) => {
    const rider = await again(() => logInRider(url, `kills-${index}@example.org`))
    while (!isOver) {
      riding.add(index)
      await ride(rider, bike)
      riding.delete(index)
    }
  })
  // A rider who fails for good leaves its ride unfinished, which `finish` tells.
  for (const one of all) one.catch((error: unknown) => process.stderr.write(`a rider gave up: ${String(error)}\n`))

  async function ride(rider: RiderClient, bike: FleetBike): Promise<void> {
    const promiseId = await promise(rider)
    if (promiseId === null) return
    const key = randomUUID()
    const body = { bikeCode: bike.code, promiseId }
    const started = await answered(() => rider.post<TripView>('/v1/trips', body, key))
    // Refused: the bike is not heard yet or stands open, and the promise stays for the next try. Or the ride began and
    // its answer went with the process: then the app finds it, as it does when it is opened.
    const me = started.status === 201 ? null : await answered(() => rider.get<Me>('/v1/me'))
    const tripId = me === null ? started.body.tripId : me.body.activeTripId
    if (tripId === null) return pause(againAfterMs)
    tripsStarted.push(tripId)
    await rideOn(rider, bike, tripId)
    tripsOver += 1
  }

  async function rideOn(rider: RiderClient, { lockId }: FleetBike, tripId: string): Promise<void> {
    let leverAtMs = Number.POSITIVE_INFINITY
    for (;;) {
      const { body: trip } = await answered(() => rider.get<TripView>(`/v1/trips/${tripId}`))
      if (trip.state === 'charged' || trip.payment.state === 'released') break
      if (trip.state === 'riding' && leverAtMs === Number.POSITIVE_INFINITY) {
        leverAtMs = Date.now() + ridesAtLeastMs + Math.random() * (ridesAtMostMs - ridesAtLeastMs)
      }
      if (Date.now() >= leverAtMs) {
        pushLever(lockId)
        leverAtMs = Date.now() + leverEveryMs
      }
      await pause(lookEveryMs)
    }
    // Whatever became of the ride, the bike is left closed.
    pushLever(lockId)
  }

  return {
    news: () => ({ tripsStarted, tripsOver }),
    finish: async (limitMs) => {
      isOver = true
      const limit = pause(limitMs, null, { ref: false })
      await Promise.race([Promise.allSettled(all), limit])
      return riding.size
    },
  }
}

/** The promise of a payment, approved; null when it came to nothing. */
async function promise(rider: RiderClient): Promise<string | null> {
  const key = randomUUID()
  const opened = await answered(() => rider.post<PromiseView>('/v1/promises', { provider: 'alipay' }, key))
  if (opened.status >= 400) {
    await pause(againAfterMs)
    return null
  }
  const { promiseId, next } = opened.body
  if (next.kind === 'redirect') await again(() => approve(next.url))
  for (;;) {
    const { body } = await answered(() => rider.get<PromiseView>(`/v1/promises/${promiseId}`))
    if (body.state === 'held') return promiseId
    if (body.state !== 'hold_pending') return null
    await pause(lookEveryMs)
  }
}

/** Until there is an answer that is not the server's own failure. */
async function answered<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (;;) {
    const answer = await again(ask)
    if (answer.status < 500) return answer
    await pause(againAfterMs)
  }
}

/** Until nothing is thrown: the process may be gone, its answer cut off. @throws what was thrown last, after the limit */
async function again<T>(act: () => Promise<T>): Promise<T> {
  const limitMs = performance.now() + triesLimitMs
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (performance.now() > limitMs) throw error
      await pause(againAfterMs)
    }
  }
}
