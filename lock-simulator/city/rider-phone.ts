import { setTimeout as sleep } from 'node:timers/promises'
import type { Static } from 'typebox'
import { present } from '../../contracts/assert.ts'
import type { PromiseView } from '../../contracts/http/payments.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { chanceOf, setJam } from './bike.ts'
import type { HoldState, RiderEffect, RiderEvent } from './core/rider-state.ts'
import { askPersistently } from './persistence.ts'
import type { Rider } from './rider.ts'
import type { Told, ZwermApi } from './zwerm-api.ts'

/** The effects that are questions to the server. */
export type PhoneEffect = Extract<
  RiderEffect,
  {
    kind:
      | 'read_code'
      | 'log_in'
      | 'promise'
      | 'answer_payer'
      | 'ask_promise'
      | 'unlock'
      | 'ask_trip'
      | 'pause'
      | 'resume'
      | 'free_exit'
      | 'end_by_hand'
  }
>

/** Those that need a log-in. */
type RidersOwn = Exclude<PhoneEffect, { kind: 'read_code' | 'log_in' | 'answer_payer' }>
type Insist = <T>(ask: () => Promise<Told<T>>) => Promise<Told<T>>

export interface PhoneSurroundings {
  readonly api: ZwermApi
  readonly server: { isServerHere(): boolean; serverHere(): Promise<void> }
  /** Part of every idempotency key: no key of an earlier run comes again. */
  readonly run: string
}

const pollMs = { first: 350, growth: 1.4, longest: 3_000 }
const codeLooks = 5
const codeLookEveryMs = 400
const readsPageMs = { from: 150, to: 700 }

export interface Phone {
  /** Asks what the effect asks, and translates the answer. */
  askFor(rider: Rider, effect: PhoneEffect, isStillWanted: () => boolean): Promise<RiderEvent>
}

/** A rider's phone: never throws for what the world may do. */
export function createPhone({ api, server, run }: PhoneSurroundings): Phone {
  const keyOf = (rider: Rider): string => `city-${run}-${rider.person.index}-${rider.keys++}`

  async function logIn(rider: Rider): Promise<RiderEvent> {
    if (rider.token !== null) return { kind: 'logged_in' }
    const sent = await api.sendCode(rider.address)
    if (sent.kind !== 'answer') return eventOf(sent)
    for (let looks = 0; looks < codeLooks; looks++) {
      const mail = await api.outbox(rider.address)
      const code = mail.kind === 'answer' ? mail.value.messages[0]?.code : undefined
      if (code === undefined) {
        await sleep(codeLookEveryMs)
        continue
      }
      const session = await api.logIn(rider.address, code)
      if (session.kind !== 'answer') return eventOf(session)
      rider.token = session.value.token
      return { kind: 'logged_in' }
    }
    return { kind: 'no_answer' }
  }

  async function promise(rider: Rider, token: string): Promise<RiderEvent> {
    const key = keyOf(rider)
    const told = await api.promise(token, key)
    const sure = told.kind === 'nothing' && server.isServerHere() ? await api.promise(token, key) : told
    if (sure.kind === 'refused' && sure.code === 'promise_open') return openPromise(rider, token)
    return holdEvent(rider, sure)
  }

  /** An earlier journey left a promise open: it is as good as a new one. */
  async function openPromise(rider: Rider, token: string): Promise<RiderEvent> {
    const me = await api.me(token)
    if (me.kind !== 'answer') return eventOf(me)
    if (me.value.openPromiseId === null) return { kind: 'refused', code: 'promise_open' }
    return holdEvent(rider, await api.promiseView(token, me.value.openPromiseId))
  }

  async function readCode(rider: Rider): Promise<RiderEvent> {
    const told = await api.bikeByCode(present(rider.bike, 'a rider reads a code on a bike').code, rider.token)
    if (told.kind !== 'answer') return eventOf(told)
    const { rentable, refusal } = told.value
    return rentable ? { kind: 'bike_fine' } : { kind: 'refused', code: refusal ?? 'bike_out_of_service' }
  }

  async function askAsRider(rider: Rider, token: string, effect: RidersOwn, insist: Insist): Promise<RiderEvent> {
    switch (effect.kind) {
      case 'promise':
        return promise(rider, token)
      case 'ask_promise':
        await sleep(pollPauseMs(effect.asked))
        return holdEvent(rider, await insist(() => api.promiseView(token, effect.promiseId)))
      case 'unlock': {
        const key = keyOf(rider)
        const bike = present(rider.bike, 'a rider unlocks a bike')
        if (bike.random.chance(chanceOf(bike, 'jamOpeningChance'))) setJam(bike, true)
        return tripEvent(await insist(() => api.unlock(token, bike.code, effect.promiseId, key)))
      }
      case 'ask_trip':
        await sleep(pollPauseMs(effect.asked))
        return tripEvent(await insist(() => api.trip(token, effect.tripId)))
      case 'pause':
        return grantedEvent(await insist(() => api.pause(token, effect.tripId)))
      case 'resume':
        return grantedEvent(await insist(() => api.resume(token, effect.tripId)))
      case 'free_exit':
        return grantedEvent(await insist(() => api.freeExit(token, effect.tripId, effect.reason)))
      case 'end_by_hand':
        return grantedEvent(await insist(() => api.end(token, effect.tripId, 'lock_will_not_close')))
    }
  }

  async function askFor(rider: Rider, effect: PhoneEffect, isStillWanted: () => boolean): Promise<RiderEvent> {
    const insist: Insist = (ask) => askPersistently(server, ask, isStillWanted)
    if (effect.kind === 'read_code') return readCode(rider)
    if (effect.kind === 'log_in') return logIn(rider)
    if (effect.kind === 'answer_payer') {
      await sleep(rider.random.integer(readsPageMs.from, readsPageMs.to))
      const url = rider.payUrl
      if (url !== null) await insist(() => api.answerPayer(url, effect.action))
      return { kind: 'payer_answered' }
    }
    if (rider.token === null) return { kind: 'refused', code: 'session_ended' }
    return askAsRider(rider, rider.token, effect, insist)
  }
  return { askFor }
}

const pollPauseMs = (asked: number): number => Math.min(pollMs.longest, pollMs.first * pollMs.growth ** asked)

function eventOf(told: Exclude<Told<unknown>, { kind: 'answer' }>): RiderEvent {
  return told.kind === 'refused' ? { kind: 'refused', code: told.code } : { kind: 'no_answer' }
}

const grantedEvent = (told: Told<unknown>): RiderEvent => (told.kind === 'answer' ? { kind: 'granted' } : eventOf(told))

function tripEvent(told: Told<Static<typeof TripView>>): RiderEvent {
  if (told.kind !== 'answer') return eventOf(told)
  const { tripId, state, riderFree } = told.value
  return { kind: 'trip_seen', tripId, state, riderFree }
}

function holdEvent(rider: Rider, told: Told<Static<typeof PromiseView>>): RiderEvent {
  if (told.kind !== 'answer') return eventOf(told)
  const { promiseId, next } = told.value
  rider.payUrl = next.kind === 'redirect' ? next.url : next.kind === 'qr' ? next.content : null
  return { kind: 'promise_seen', promiseId, hold: holdOf(told.value) }
}

function holdOf({ state, next }: Static<typeof PromiseView>): HoldState {
  if (state === 'held') return 'held'
  if (state !== 'hold_pending') return 'gone'
  return next.kind === 'none' ? 'pending' : 'asks_payer'
}
