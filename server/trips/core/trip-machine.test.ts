import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TripState } from '../../../contracts/http/trips.ts'
import { type EpochMs, epochMs, minor } from '../../../contracts/units.ts'
import {
  closingAttemptMs,
  isActive,
  newTrip,
  stepTrip,
  type TripEffect,
  type TripEvent,
  type TripFacts,
} from './trip-machine.ts'

const t0 = 1_790_000_000_000
const at = (offsetMs: number): EpochMs => epochMs(t0 + offsetMs)
const fresh = newTrip(at(0), 10_000)

/** One typical trip in each state. */
const typical: Record<TripState, TripFacts> = {
  promised: fresh,
  unlocking: { ...fresh, state: 'unlocking', dueAt: at(86_400_000) },
  riding: { ...fresh, state: 'riding', startedAt: at(5_000), dueAt: null },
  paused: { ...fresh, state: 'paused', startedAt: at(5_000), pausedSince: at(60_000), dueAt: at(90_000_000) },
  ending: {
    ...fresh,
    state: 'ending',
    startedAt: at(5_000),
    endedAt: at(100_000),
    endedBy: 'lock_will_not_close',
    dueAt: at(700_000),
  },
  ended: { ...fresh, state: 'ended', startedAt: at(5_000), endedAt: at(100_000), endedBy: 'lock', dueAt: null },
  charged: { ...fresh, state: 'charged', startedAt: at(5_000), endedAt: at(100_000), endedBy: 'lock', dueAt: null },
  failed: { ...fresh, state: 'failed', failure: 'lock_jammed', dueAt: null },
  cancelled: { ...fresh, state: 'cancelled', dueAt: null },
}
const events: Record<TripEvent['kind'], TripEvent> = {
  unlock_sent: { kind: 'unlock_sent' },
  unlock_failed: { kind: 'unlock_failed', failure: 'lock_jammed' },
  unlock_unknown: { kind: 'unlock_unknown', nowMs: at(20_000) },
  opened: { kind: 'opened', atMs: at(80_000) },
  closed: { kind: 'closed', atMs: at(90_000) },
  seen_locked: { kind: 'seen_locked', atMs: at(95_000) },
  phone_asked: { kind: 'phone_asked' },
  pause_wanted: { kind: 'pause_wanted', nowMs: at(50_000) },
  resume_wanted: { kind: 'resume_wanted' },
  cancel_asked: { kind: 'cancel_asked' },
  end_asked: { kind: 'end_asked', reason: 'lock_will_not_close', nowMs: at(110_000) },
  close_attempted: { kind: 'close_attempted', atMs: at(92_000) },
  free_exit_asked: { kind: 'free_exit_asked', reason: 'brakes' },
  due: { kind: 'due', nowMs: at(99_000_000) },
  settled: { kind: 'settled' },
  staff_ended: { kind: 'staff_ended', atMs: at(85_000), isClosed: false },
  staff_extended: { kind: 'staff_extended', untilMs: at(100_000_000) },
  staff_repriced: {
    kind: 'staff_repriced',
    actId: 'a1',
    endedAt: at(70_000),
    pausedMs: 0,
    goodwill: { waived: ['unlock'], givenBackMinor: 50 },
    dueMinor: minor(10),
  },
}

/** `state: effects` for every pair; '·' = nothing changes. */
const table: Record<TripState, Record<TripEvent['kind'], string>> = {
  promised: {
    unlock_sent: 'unlocking:',
    unlock_failed: 'failed: release_hold',
    unlock_unknown: '·',
    opened: '·',
    closed: '·',
    seen_locked: '·',
    phone_asked: 'unlocking:',
    pause_wanted: '·',
    resume_wanted: '·',
    cancel_asked: 'cancelled: release_hold',
    end_asked: '·',
    close_attempted: '·',
    free_exit_asked: '·',
    due: 'failed: release_hold',
    settled: '·',
    staff_ended: 'failed: release_hold',
    staff_extended: '·',
    staff_repriced: '·',
  },
  unlocking: {
    unlock_sent: '·',
    unlock_failed: 'failed: release_hold',
    unlock_unknown: 'unlocking:',
    opened: 'riding:',
    closed: '·',
    seen_locked: '·',
    phone_asked: '·',
    pause_wanted: '·',
    resume_wanted: '·',
    cancel_asked: '·',
    end_asked: '·',
    close_attempted: '·',
    free_exit_asked: '·',
    due: 'failed: release_hold alarm',
    settled: '·',
    staff_ended: 'failed: release_hold alarm',
    staff_extended: '·',
    staff_repriced: '·',
  },
  riding: {
    unlock_sent: '·',
    unlock_failed: '·',
    unlock_unknown: '·',
    opened: '·',
    closed: 'ended: settle',
    seen_locked: 'ended: settle',
    phone_asked: '·',
    pause_wanted: 'riding:',
    resume_wanted: '·',
    cancel_asked: '·',
    end_asked: 'ending: ask_for_stamp',
    close_attempted: 'riding: show_again',
    free_exit_asked: 'riding:',
    due: '·',
    settled: '·',
    staff_ended: 'ended: settle alarm',
    staff_extended: 'riding:',
    staff_repriced: '·',
  },
  paused: {
    unlock_sent: '·',
    unlock_failed: '·',
    unlock_unknown: '·',
    opened: 'riding:',
    closed: '·',
    seen_locked: '·',
    phone_asked: '·',
    pause_wanted: '·',
    resume_wanted: 'paused: send_unlock',
    cancel_asked: '·',
    end_asked: 'ended: settle',
    close_attempted: '·',
    free_exit_asked: 'paused:',
    due: 'ended: settle alarm',
    settled: '·',
    staff_ended: 'ended: settle alarm',
    staff_extended: 'paused:',
    staff_repriced: '·',
  },
  ending: {
    unlock_sent: '·',
    unlock_failed: '·',
    unlock_unknown: '·',
    opened: '·',
    closed: 'ended: settle',
    seen_locked: 'ended: settle',
    phone_asked: '·',
    pause_wanted: '·',
    resume_wanted: '·',
    cancel_asked: '·',
    end_asked: '·',
    close_attempted: 'ending:',
    free_exit_asked: 'ending:',
    due: 'ended: settle alarm',
    settled: '·',
    staff_ended: 'ended: settle alarm',
    staff_extended: '·',
    staff_repriced: '·',
  },
  ended: {
    unlock_sent: '·',
    unlock_failed: '·',
    unlock_unknown: '·',
    opened: '·',
    closed: '·',
    seen_locked: '·',
    phone_asked: '·',
    pause_wanted: '·',
    resume_wanted: '·',
    cancel_asked: '·',
    end_asked: '·',
    close_attempted: '·',
    free_exit_asked: 'ended: adjust',
    due: '·',
    settled: 'charged:',
    staff_ended: '·',
    staff_extended: '·',
    staff_repriced: 'ended: adjust_to',
  },
  charged: {
    unlock_sent: '·',
    unlock_failed: '·',
    unlock_unknown: '·',
    opened: '·',
    closed: '·',
    seen_locked: '·',
    phone_asked: '·',
    pause_wanted: '·',
    resume_wanted: '·',
    cancel_asked: '·',
    end_asked: '·',
    close_attempted: '·',
    free_exit_asked: 'charged: adjust',
    due: '·',
    settled: '·',
    staff_ended: '·',
    staff_extended: '·',
    staff_repriced: 'charged: adjust_to',
  },
  failed: { ...only('opened', 'failed: alarm') },
  cancelled: { ...only('opened', 'cancelled: alarm') },
}

function only(kind: TripEvent['kind'], outcome: string): Record<TripEvent['kind'], string> {
  const row = Object.fromEntries(Object.keys(events).map((k) => [k, '·'])) as Record<TripEvent['kind'], string>
  return { ...row, [kind]: outcome }
}
const told = (before: TripFacts, step: { state: TripFacts; effects: readonly TripEffect[] }): string =>
  step.state === before && step.effects.length === 0
    ? '·'
    : `${step.state.state}:${step.effects.map((e) => ` ${e.kind}`).join('')}`

describe('every pair of state and event', () => {
  for (const state of Object.keys(typical) as TripState[]) {
    for (const kind of Object.keys(events) as TripEvent['kind'][]) {
      it(`${state} + ${kind} → ${table[state][kind]}`, () => {
        expect(told(typical[state], stepTrip(typical[state], events[kind]))).toBe(table[state][kind])
      })
    }
  }
})

describe('the shape of the machine', () => {
  const aboutToPause: TripFacts = { ...typical.riding, pauseWantedTill: at(200_000) }
  const pairs = [...Object.values(typical), aboutToPause].flatMap((from) =>
    Object.values(events).map((event) => [from.state, stepTrip(from, event).state.state] as const),
  )
  it('lets every state be entered', () => {
    const entered = new Set<TripState>(['promised'])
    for (let i = 0; i < 9; i++) for (const [from, to] of pairs) if (entered.has(from)) entered.add(to)
    expect([...entered].sort()).toEqual(Object.keys(typical).sort())
  })
  it('lets every state but the final ones be left', () => {
    const final: TripState[] = ['charged', 'failed', 'cancelled']
    for (const state of Object.keys(typical) as TripState[]) {
      const left = pairs.some(([from, to]) => from === state && to !== state)
      expect([state, left]).toEqual([state, !final.includes(state)])
    }
  })
})

describe('the lock’s clock is the bill', () => {
  it('starts at the lock’s own open and ends at its own closed, however late they arrive', () => {
    const riding = stepTrip(typical.unlocking, { kind: 'opened', atMs: at(7_000) }).state
    expect(riding.startedAt).toBe(at(7_000))
    expect(stepTrip(riding, { kind: 'closed', atMs: at(607_000) }).state.endedAt).toBe(at(607_000))
  })
  it('never ends before it started', () => {
    expect(stepTrip(typical.riding, { kind: 'closed', atMs: at(1_000) }).state.endedAt).toBe(at(5_000))
  })
  it('makes a ride that the rider ended cheaper when the lock’s own closed turns out to be earlier', () => {
    const byRider: TripFacts = { ...typical.charged, endedBy: 'lock_will_not_close' }
    const step = stepTrip(byRider, { kind: 'closed', atMs: at(60_000) })
    expect(step.state).toMatchObject({ endedAt: at(60_000), endedBy: 'lock_will_not_close' })
    expect(step.effects).toEqual([{ kind: 'adjust' }])
    expect(stepTrip(byRider, { kind: 'closed', atMs: at(200_000) }).effects).toEqual([])
  })
  it('keeps who ended it when a colleague gives the rider minutes back', () => {
    const step = stepTrip(typical.charged, events.staff_repriced)
    expect(step.state).toMatchObject({ endedAt: at(70_000), endedBy: 'lock' })
  })
  it('takes the rider’s earlier word when the lock is first seen closed later', () => {
    const step = stepTrip(typical.ending, { kind: 'seen_locked', atMs: at(300_000) })
    expect(step.state.endedAt).toBe(at(100_000))
  })
})

describe('a lock that will not close', () => {
  it('keeps its waiver when it closes after all, so that a late report never makes a ride dearer', () => {
    expect(stepTrip(typical.ending, events.closed).state.endedBy).toBe('lock_will_not_close')
  })
  it('is no reason while the bike is paused: it is closed', () => {
    expect(stepTrip(typical.paused, events.end_asked).state.endedBy).toBe('other')
  })
  it('does not forget a free exit that is asked while it is waited for', () => {
    expect(stepTrip(typical.ending, events.free_exit_asked).state.freeExitReason).toBe('brakes')
  })
})

describe('a closing that failed', () => {
  const saidAt = (attempt: number, said: number) =>
    stepTrip(typical.riding, {
      ...{ kind: 'end_asked', reason: 'lock_will_not_close', nowMs: at(said), attemptAt: at(attempt) },
    }).state.endedAt
  it('is where time stops when the rider then says that the lock will not close', () => {
    expect(saidAt(90_000, 240_000)).toBe(at(90_000))
  })
  it('ends nothing by itself: the rider may have pulled the lever up and ridden on', () => {
    const step = stepTrip(typical.riding, events.close_attempted)
    expect(step).toEqual({ state: typical.riding, effects: [{ kind: 'show_again' }] })
  })
  it('of more than half an hour ago does not count, nor one before the ride or after the word', () => {
    expect(saidAt(10_000, 10_000 + closingAttemptMs)).toBe(at(10_000))
    expect(saidAt(10_000, 10_001 + closingAttemptMs)).toBe(at(10_001 + closingAttemptMs))
    expect(saidAt(1_000, 60_000)).toBe(at(5_000))
    expect(saidAt(70_000, 60_000)).toBe(at(60_000))
  })
  it('is no reason to stop earlier when the rider ends for another one', () => {
    const asked = { kind: 'end_asked', reason: 'other', nowMs: at(110_000), attemptAt: at(90_000) } as const
    expect(stepTrip(typical.riding, asked).state.endedAt).toBe(at(110_000))
  })
  it('that is told late makes the ride shorter, before and after it was paid', () => {
    expect(stepTrip(typical.ending, events.close_attempted).state.endedAt).toBe(at(92_000))
    const paid: TripFacts = { ...typical.charged, endedBy: 'lock_will_not_close' }
    expect(stepTrip(paid, events.close_attempted)).toEqual({
      state: { ...paid, endedAt: at(92_000) },
      effects: [{ kind: 'adjust' }],
    })
  })
  it('whenever it is told, never makes a ride longer, and never shorter by more than half an hour', () => {
    const ms = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(fc.constantFrom('ending', 'ended', 'charged'), ms, ms, (state, endedMs, attemptMs) => {
        const before: TripFacts = { ...typical[state], endedAt: at(5_000 + endedMs), endedBy: 'lock_will_not_close' }
        const { endedAt } = stepTrip(before, { kind: 'close_attempted', atMs: at(attemptMs) }).state
        expect(endedAt).toBeLessThanOrEqual(before.endedAt ?? 0)
        expect(endedAt).toBeGreaterThanOrEqual(Math.max(at(5_000), (before.endedAt ?? 0) - closingAttemptMs))
      }),
    )
  })
})

describe('a pause', () => {
  it('is what a closing means while it is wanted, and only then', () => {
    const wanted = stepTrip(typical.riding, { kind: 'pause_wanted', nowMs: at(50_000) }).state
    expect(stepTrip(wanted, { kind: 'closed', atMs: at(60_000) }).state).toMatchObject({ state: 'paused' })
    expect(stepTrip(wanted, { kind: 'closed', atMs: at(50_000 + 180_001) }).state).toMatchObject({ state: 'ended' })
  })
  it('adds up by the lock’s clock', () => {
    const again = stepTrip(typical.paused, { kind: 'opened', atMs: at(360_000) }).state
    expect(again).toMatchObject({ state: 'riding', pausedMs: 300_000, pausedSince: null })
  })
})

describe('an unlock that is not answered', () => {
  const unanswered = stepTrip(typical.unlocking, { kind: 'unlock_unknown', nowMs: at(20_000) }).state
  it('sets the rider free and keeps the bike', () => {
    expect(unanswered).toMatchObject({ state: 'unlocking', riderFree: true, dueAt: at(620_000) })
    expect(isActive(unanswered.state)).toBe(true)
  })
  it('costs nothing after ten minutes', () => {
    const step = stepTrip(unanswered, { kind: 'due', nowMs: at(620_000) })
    expect(step).toMatchObject({ state: { state: 'failed', failure: 'unlock_unanswered' } })
    expect(step.effects).toEqual([{ kind: 'release_hold' }])
  })
  it('is a ride after all when the lock proves that it opened in time', () => {
    expect(stepTrip(unanswered, { kind: 'opened', atMs: at(9_000) }).state).toMatchObject({
      state: 'riding',
      riderFree: false,
      startedAt: at(9_000),
    })
  })
  it('is an alarm, never a charge, when the proof comes after the release', () => {
    const step = stepTrip(typical.failed, { kind: 'opened', atMs: at(9_000) })
    expect(step.effects).toEqual([{ kind: 'alarm', alarm: 'opened_after_release' }])
  })
})

describe('whatever happens in whatever order', () => {
  const anyEvent: fc.Arbitrary<TripEvent> = fc
    .tuple(fc.constantFrom(...Object.values(events)), fc.integer({ min: 0, max: 100_000_000 }))
    .map(([event, offset]) => {
      if ('nowMs' in event) return { ...event, nowMs: at(offset) }
      return 'atMs' in event ? { ...event, atMs: at(offset) } : event
    })
  it('settles at most once, and never a trip that was released', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (story) => {
        let trip = fresh
        let settled = 0
        let released = 0
        for (const event of story) {
          const step = stepTrip(trip, event)
          settled += step.effects.filter((e) => e.kind === 'settle').length
          released += step.effects.filter((e) => e.kind === 'release_hold').length
          trip = step.state
          if (trip.startedAt !== null && trip.endedAt !== null) {
            expect(trip.endedAt).toBeGreaterThanOrEqual(trip.startedAt)
          }
        }
        expect(settled + released).toBeLessThanOrEqual(1)
        expect(settled + released).toBe(isActive(trip.state) ? 0 : 1)
      }),
    )
  })
})
