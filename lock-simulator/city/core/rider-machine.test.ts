import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Journey } from './journey.ts'
import { stepRider } from './rider-machine.ts'
import { idleRider, type RiderEvent, type RiderPhase, type RiderState, riderPhases } from './rider-state.ts'

const journey: Journey = {
  purpose: 'work',
  toNode: 7,
  bikeTries: 3,
  triesSameBikeAgain: true,
  payer: 'approve',
  pause: { afterShare: 0.5, lastsMs: 60_000 },
  freeExit: null,
  parksAtHotspot: true,
}
const tripSeen = (state: Extract<RiderEvent, { kind: 'trip_seen' }>['state'], riderFree = false): RiderEvent => ({
  kind: 'trip_seen',
  tripId: 'trip',
  state,
  riderFree,
})
const holdSeen = (hold: Extract<RiderEvent, { kind: 'promise_seen' }>['hold']): RiderEvent => ({
  kind: 'promise_seen',
  promiseId: 'promise',
  hold,
})
const setOut = (changes: Partial<Journey> = {}): RiderEvent => ({
  kind: 'set_out',
  journey: { ...journey, ...changes },
})
const upToUnlock: readonly RiderEvent[] = [
  { kind: 'bike_seen' },
  { kind: 'reached' },
  { kind: 'bike_fine' },
  { kind: 'logged_in' },
  holdSeen('asks_payer'),
  { kind: 'payer_answered' },
  holdSeen('held'),
]
const upToRide: readonly RiderEvent[] = [setOut(), ...upToUnlock, tripSeen('unlocking'), tripSeen('riding')]

/** Each step as `effect → phase`. */
function walk(events: readonly RiderEvent[]): { readonly trail: readonly string[]; readonly state: RiderState } {
  let state = idleRider
  const trail = events.map((event) => {
    const step = stepRider(state, event)
    state = step.state
    return `${step.effects.map(({ kind }) => kind).join()} → ${state.phase}`
  })
  return { trail, state }
}

const everyEvent: readonly RiderEvent[] = [
  setOut(),
  { kind: 'go_on', journey },
  { kind: 'bike_seen' },
  { kind: 'no_bike' },
  { kind: 'reached' },
  { kind: 'bike_fine' },
  { kind: 'logged_in' },
  holdSeen('asks_payer'),
  holdSeen('pending'),
  holdSeen('held'),
  holdSeen('gone'),
  { kind: 'payer_answered' },
  tripSeen('promised'),
  tripSeen('unlocking'),
  tripSeen('unlocking', true),
  tripSeen('riding'),
  tripSeen('paused'),
  tripSeen('ended'),
  tripSeen('charged'),
  tripSeen('failed'),
  { kind: 'granted' },
  { kind: 'refused', code: 'bike_in_use' },
  { kind: 'refused', code: 'session_ended' },
  { kind: 'refused', code: 'rider_in_debt' },
  { kind: 'no_answer' },
  { kind: 'pause_point' },
  { kind: 'destination' },
  { kind: 'rested' },
  { kind: 'bolt_closed' },
  { kind: 'bolt_stuck' },
]

describe('a rider', () => {
  it('finds, pays, unlocks, pauses, parks and is charged', () => {
    const { trail } = walk([
      ...upToRide,
      { kind: 'pause_point' },
      { kind: 'granted' },
      { kind: 'bolt_closed' },
      { kind: 'rested' },
      { kind: 'granted' },
      tripSeen('riding'),
      { kind: 'destination' },
      { kind: 'bolt_closed' },
      tripSeen('ended'),
      tripSeen('charged'),
    ])
    expect(trail).toEqual([
      'look → looking',
      'walk → walking',
      'read_code → reading_code',
      'log_in → logging_in',
      'promise → promising',
      'answer_payer → at_payer_page',
      'ask_promise → waiting_for_hold',
      'unlock → asking_to_unlock',
      'ask_trip → waiting_for_open',
      'ride → riding',
      'pause → asking_to_pause',
      'push_lever → closing_to_pause',
      'rest → paused',
      'resume → asking_to_resume',
      'ask_trip → waiting_to_resume',
      'ride → riding',
      'push_lever → closing',
      'ask_trip → waiting_for_charge',
      'ask_trip → waiting_for_charge',
      'leave → idle',
    ])
  })

  it('takes the held promise along to the next bike when the first one is taken', () => {
    const taken: RiderEvent = { kind: 'refused', code: 'bike_in_use' }
    const { trail, state } = walk([setOut(), ...upToUnlock, taken, ...upToUnlock.slice(0, 4)])
    expect(trail.slice(-5)).toEqual([
      'look → looking',
      'walk → walking',
      'read_code → reading_code',
      'log_in → logging_in',
      'unlock → asking_to_unlock',
    ])
    expect(state.promiseId).toBe('promise')
  })

  it('tries a bike that did not open once more, then another one with another promise', () => {
    const again = upToUnlock.slice(2)
    const { trail, state } = walk([
      setOut(),
      ...upToUnlock,
      tripSeen('unlocking'),
      tripSeen('failed'),
      ...again,
      tripSeen('unlocking'),
      tripSeen('failed'),
    ])
    expect(trail.filter((step) => step.startsWith('look'))).toHaveLength(2)
    expect(state).toMatchObject({ phase: 'looking', promiseId: null, tripId: null, triesLeft: 2 })
  })

  it.each([
    ['decline', 'answer_payer → at_payer_page'],
    ['ignore', 'leave → idle'],
  ] as const)('may %s at the payer page', (payer, step) => {
    expect(walk([setOut({ payer }), ...upToUnlock.slice(0, 5)]).trail.at(-1)).toBe(step)
  })

  it('calls for help when the bolt is stuck, and ends a ride of an earlier run without asking', () => {
    expect(walk([...upToRide, { kind: 'destination' }, { kind: 'bolt_stuck' }]).trail.at(-1)).toBe(
      'end_by_hand → ending_by_hand',
    )
    expect(walk([{ kind: 'go_on', journey }, { kind: 'destination' }, { kind: 'bolt_closed' }]).trail.at(-1)).toBe(
      'leave → idle',
    )
  })

  it('says what was wrong after a free exit', () => {
    const events = [setOut({ freeExit: 'brakes', pause: null }), ...upToRide.slice(1)]
    expect(walk([...events, { kind: 'destination' }, { kind: 'bolt_closed' }]).trail.at(-1)).toBe(
      'free_exit → asking_free_exit',
    )
  })
})

describe('the rider machine', () => {
  it('is total: any events in any order, one effect at a time, no promise forgotten', () => {
    const anyEvent = fc.constantFrom(...everyEvent)
    const anyJourney = fc.record({
      payer: fc.constantFrom('approve' as const, 'decline' as const, 'ignore' as const),
      triesSameBikeAgain: fc.boolean(),
      freeExit: fc.constantFrom(null, 'brakes' as const),
      pause: fc.constantFrom(null, journey.pause),
    })
    fc.assert(
      fc.property(anyJourney, fc.array(anyEvent, { maxLength: 200 }), (changes, events) => {
        let state = stepRider(idleRider, setOut(changes)).state
        for (const event of events) {
          const step = stepRider(state, event)
          expect(step.effects.length).toBeLessThanOrEqual(1)
          const [effect] = step.effects
          if (effect?.kind === 'leave' && state.promiseId !== null && event.kind !== 'promise_seen') {
            expect(effect.unusedPromiseId).toBe(state.promiseId)
          }
          expect(step.state.journey === null).toBe(step.state.phase === 'idle')
          if (step.effects.length === 0) expect(step.state).toBe(state)
          state = step.state
        }
      }),
      { numRuns: 500 },
    )
  })

  it('can enter every phase, and from every phase come to rest', () => {
    const known = new Map<string, RiderState>()
    const next = new Map<string, string[]>()
    const keyOf = ({ phase, journey: way, triesLeft, promiseId, tripId, hasPaused }: RiderState) =>
      [phase, way?.freeExit, way?.payer, triesLeft, promiseId, tripId, hasPaused].join()
    const open: RiderState[] = [idleRider]
    known.set(keyOf(idleRider), idleRider)
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      const events = [...everyEvent, setOut({ freeExit: 'brakes' }), setOut({ payer: 'ignore' })]
      const reached = events.map((event) => stepRider(state, event).state)
      next.set(keyOf(state), reached.map(keyOf))
      for (const one of reached) {
        if (known.has(keyOf(one))) continue
        known.set(keyOf(one), one)
        open.push(one)
      }
    }
    const phases = new Set([...known.values()].map(({ phase }) => phase))
    expect([...phases].sort()).toEqual([...riderPhases].sort())
    const resting = new Set([keyOf(idleRider)])
    for (let grew = true; grew; ) {
      const before = resting.size
      for (const [key, reached] of next) if (reached.some((one) => resting.has(one))) resting.add(key)
      grew = resting.size > before
    }
    expect([...known.keys()].filter((key) => !resting.has(key))).toEqual([])
  })

  it('asks no question for ever', () => {
    const stubborn: readonly (readonly [RiderPhase, RiderEvent])[] = [
      ['waiting_for_hold', holdSeen('pending')],
      ['waiting_for_open', tripSeen('unlocking')],
      ['waiting_to_resume', tripSeen('paused')],
      ['waiting_for_charge', tripSeen('ended')],
    ]
    for (const [phase, event] of stubborn) {
      let state: RiderState = { ...idleRider, journey, phase, promiseId: 'promise', tripId: 'trip', triesLeft: 1 }
      let asked = 0
      while (state.journey !== null && state.phase !== 'ending_by_hand' && asked < 1_000) {
        state = stepRider(state, state.phase === phase ? event : { kind: 'granted' }).state
        asked++
      }
      expect(asked).toBeLessThan(50)
    }
  })
})
