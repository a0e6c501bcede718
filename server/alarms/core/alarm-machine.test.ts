import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmResolutions, alarmSeverities } from '../../../contracts/live/alarm-kinds.ts'
import { epochMs } from '../../../contracts/units.ts'
import {
  type AlarmAct,
  type AlarmFacts,
  actOn,
  endByItself,
  newAlarm,
  type Telling,
  tellAgain,
  wake,
} from './alarm-machine.ts'

const start = 1_900_000_000_000
const minuteMs = 60_000
const muteMs = 30 * minuteMs
const at = (minutes: number) => epochMs(start + minutes * minuteMs)
const telling = (minutes: number, more: Partial<Telling> = {}): Telling => ({
  ...{ atMs: at(minutes), severity: 'warning', blocksRental: false, counts: true },
  ...more,
})
const fresh = newAlarm(telling(0))
const done = (alarm: AlarmFacts, act: AlarmAct, minutes = 1): AlarmFacts => {
  const next = actOn(alarm, act, at(minutes))
  if (typeof next === 'string') throw new Error(next)
  return next
}

describe('an alarm that is told again', () => {
  it('counts while it is open, whoever has it', () => {
    const states = [
      fresh,
      done(fresh, { act: 'acknowledge' }),
      done(fresh, { act: 'snooze', untilMs: at(60) }),
      done(fresh, { act: 'assign', to: 'anna' }),
    ]
    for (const state of states) {
      const told = tellAgain(state, telling(5), muteMs)
      expect(told).toEqual({ kind: 'again', alarm: { ...state, times: 2, lastSeenAt: at(5) }, act: null })
    }
  })

  it('wakes when it got worse, and never becomes better', () => {
    const seen = done(fresh, { act: 'snooze', untilMs: at(600) })
    const worse = tellAgain(seen, telling(5, { severity: 'urgent', blocksRental: true, counts: false }), muteMs)
    expect(worse).toMatchObject({
      ...{ kind: 'again', act: 'worse' },
      alarm: { state: 'open', severity: 'urgent', blocksRental: true, times: 1, snoozedUntil: null },
    })
    if (worse.kind !== 'again') throw new Error('it is told again')
    const milder = tellAgain(worse.alarm, telling(6, { severity: 'notice' }), muteMs)
    expect(milder).toMatchObject({ act: null, alarm: { severity: 'urgent', blocksRental: true } })
  })

  it('soon after it ended by itself is the same alarm', () => {
    const ended = endByItself(done(fresh, { act: 'assign', to: 'anna' }), at(10))
    const told = tellAgain(ended, telling(20), muteMs)
    expect(told).toMatchObject({
      act: 'returned',
      alarm: { state: 'open', times: 2, assignedTo: 'anna', resolvedAt: null },
    })
    expect(tellAgain(ended, telling(40), muteMs)).toEqual({ kind: 'new' })
  })

  it('soon after a person ended it is told to nobody', () => {
    const ended = done(fresh, { act: 'resolve', how: 'false_alarm' }, 10)
    expect(tellAgain(ended, telling(39), muteMs)).toEqual({ kind: 'muted' })
    expect(tellAgain(ended, telling(40), muteMs)).toEqual({ kind: 'new' })
    expect(tellAgain(ended, telling(11), 0)).toEqual({ kind: 'new' })
  })

  it('by a report from before does not make it older', () => {
    const told = tellAgain(fresh, telling(-90), muteMs)
    expect(told).toMatchObject({ alarm: { lastSeenAt: at(0), raisedAt: at(0), times: 2 } })
    expect(endByItself(fresh, at(-5)).resolvedAt).toBe(at(0))
  })
})

describe('what persons do', () => {
  it('ends with a resolution, and can be undone', () => {
    const resolved = done(fresh, { act: 'resolve', how: 'fixed' }, 3)
    expect(resolved).toMatchObject({ state: 'resolved', resolution: 'fixed', resolvedAt: at(3) })
    expect(done(resolved, { act: 'reopen' })).toMatchObject({ state: 'open', resolution: null, resolvedAt: null })
    expect(done(done(fresh, { act: 'acknowledge' }), { act: 'reopen' }).state).toBe('open')
  })

  it.each(['acknowledge', 'snooze', 'assign', 'resolve'] as const)('refuses to %s what is resolved', (act) => {
    const resolved = done(fresh, { act: 'resolve', how: 'fixed' })
    const acts = {
      acknowledge: { act },
      snooze: { act, untilMs: at(9) },
      assign: { act, to: null },
      resolve: { act, how: 'fixed' },
    }
    expect(actOn(resolved, acts[act] as AlarmAct, at(2))).toBe('alarm_resolved')
  })

  it('sleeps until a time to come only', () => {
    expect(actOn(fresh, { act: 'snooze', untilMs: at(1) }, at(1))).toBe('alarm_snooze_wrong')
    const asleep = done(fresh, { act: 'snooze', untilMs: at(15) })
    expect(wake(asleep, at(14))).toBe(asleep)
    expect(wake(asleep, at(15))).toMatchObject({ state: 'open', snoozedUntil: null, version: asleep.version + 1 })
  })

  it('given to somebody counts as seen, taken away stays seen', () => {
    const given = done(fresh, { act: 'assign', to: 'anna' })
    expect(given).toMatchObject({ state: 'acknowledged', assignedTo: 'anna' })
    expect(done(given, { act: 'assign', to: null })).toMatchObject({ state: 'acknowledged', assignedTo: null })
  })
})

const minutes = fc.integer({ min: -100, max: 10_000 })
const step = fc.oneof(
  fc.record({
    kind: fc.constant('tell' as const),
    minutes,
    severity: fc.constantFrom(...alarmSeverities),
    blocksRental: fc.boolean(),
    counts: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('end' as const), minutes }),
  fc.record({ kind: fc.constant('wake' as const), minutes }),
  fc.record({
    ...{ kind: fc.constant('act' as const), minutes },
    act: fc.oneof(
      fc.constantFrom<AlarmAct>({ act: 'acknowledge' }, { act: 'reopen' }, { act: 'note' }),
      fc.record({ act: fc.constant('assign' as const), to: fc.constantFrom('anna', 'bram', null) }),
      fc.record({ act: fc.constant('snooze' as const), untilMs: minutes.map(at) }),
      fc.record({ act: fc.constant('resolve' as const), how: fc.constantFrom(...alarmResolutions) }),
    ),
  }),
)

function stepped(alarm: AlarmFacts, one: typeof step extends fc.Arbitrary<infer T> ? T : never): AlarmFacts {
  switch (one.kind) {
    case 'tell': {
      const told = tellAgain(alarm, { ...one, atMs: at(one.minutes) }, muteMs)
      return told.kind === 'again' ? told.alarm : alarm
    }
    case 'end':
      return endByItself(alarm, at(one.minutes))
    case 'wake':
      return wake(alarm, at(one.minutes))
    case 'act': {
      const next = actOn(alarm, one.act, at(one.minutes))
      return typeof next === 'string' ? alarm : next
    }
  }
}

describe('whatever is told and done, in any order', () => {
  it('keeps its facts in agreement, and counts every change', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let alarm = fresh
        for (const one of steps) {
          const next = stepped(alarm, one)
          expect(next.snoozedUntil !== null).toBe(next.state === 'snoozed')
          expect(next.resolvedAt !== null).toBe(next.state === 'resolved')
          expect(next.resolution !== null).toBe(next.state === 'resolved')
          expect(next.times).toBeGreaterThanOrEqual(alarm.times)
          expect(next.lastSeenAt).toBeGreaterThanOrEqual(alarm.lastSeenAt)
          if (next.resolvedAt !== null) expect(next.resolvedAt).toBeGreaterThanOrEqual(next.raisedAt)
          if (next.state !== alarm.state || next.assignedTo !== alarm.assignedTo) {
            expect(next.version).toBe(alarm.version + 1)
          }
          alarm = next
        }
      }),
    )
  })

  it('is blocked until it is resolved, whoever has seen it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let alarm = newAlarm(telling(0, { blocksRental: true }))
        for (const one of steps) {
          alarm = stepped(alarm, one)
          if (alarm.state === 'resolved') return
          expect(alarm.blocksRental).toBe(true)
        }
      }),
    )
  })
})
