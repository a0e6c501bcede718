import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CommandState } from '../../../contracts/http/trips.ts'
import { epochMs, uptimeMs } from '../../../contracts/units.ts'
import { type CommandEvent, type CommandFacts, hasEnded, stepCommand } from './command-machine.ts'

const t0 = 1_790_000_000_000
const at = (offsetMs: number) => epochMs(t0 + offsetMs)
const queued: CommandFacts = {
  state: 'queued',
  counter: 7,
  bootId: 3,
  deadlineUptime: uptimeMs(100_000),
  expiresAt: at(15_000),
  sendAt: at(0),
  sends: 0,
  resultCode: null,
}
const inState = (state: CommandState): CommandFacts => ({
  ...queued,
  state,
  sends: state === 'queued' ? 0 : 1,
  sendAt: state === 'queued' ? at(0) : state === 'sent' ? at(2_500) : null,
})
const states: CommandState[] = ['queued', 'sent', 'accepted', 'done', 'rejected', 'failed', 'expired', 'unknown']
const events: Record<string, CommandEvent> = {
  'tick in time': { kind: 'tick', nowMs: at(3_000) },
  'tick after the deadline': { kind: 'tick', nowMs: at(16_000) },
  'tick after the grace': { kind: 'tick', nowMs: at(20_000) },
  acc: { kind: 'acknowledged', st: 'acc', rc: 'ok', locked: false },
  done: { kind: 'acknowledged', st: 'done', rc: 'ok', locked: false },
  'rej busy': { kind: 'acknowledged', st: 'rej', rc: 'busy', locked: false },
  'rej expired': { kind: 'acknowledged', st: 'rej', rc: 'expired', locked: false },
  'rej replay': { kind: 'acknowledged', st: 'rej', rc: 'replay', locked: false },
  'fail jam': { kind: 'acknowledged', st: 'fail', rc: 'jam', locked: false },
  'fail interrupted, bolt locked': { kind: 'acknowledged', st: 'fail', rc: 'interrupted', locked: true },
  'fail interrupted, bolt not locked': { kind: 'acknowledged', st: 'fail', rc: 'interrupted', locked: false },
  'bolt obeyed': { kind: 'bolt_obeyed' },
  interrupted: { kind: 'interrupted' },
  'hello, same boot, in time': { kind: 'hello', counter: 6, bootId: 3, uptime: uptimeMs(99_000) },
  'hello, same boot, too late': { kind: 'hello', counter: 6, bootId: 3, uptime: uptimeMs(100_001) },
  'hello, other boot': { kind: 'hello', counter: 6, bootId: 4, uptime: uptimeMs(1) },
  'hello, counter reached': { kind: 'hello', counter: 7, bootId: 4, uptime: uptimeMs(1) },
  superseded: { kind: 'superseded' },
}
const open = {
  acc: 'accepted:',
  done: 'done: done',
  'rej busy': 'rejected: not_executed',
  'rej expired': 'expired: not_executed',
  'rej replay': '·',
  'fail jam': 'failed: not_executed',
  'fail interrupted, bolt locked': 'failed: not_executed',
  'fail interrupted, bolt not locked': 'unknown: unanswered',
  'bolt obeyed': 'done: done',
  interrupted: 'unknown: unanswered',
  'hello, same boot, in time': '·',
  'hello, same boot, too late': 'expired: not_executed',
  'hello, other boot': 'expired: not_executed',
  'hello, counter reached': '·',
  superseded: 'unknown: unanswered',
}
const nothing = Object.fromEntries(Object.keys(events).map((name) => [name, '·']))
const table: Record<CommandState, Record<string, string>> = {
  queued: {
    ...open,
    'tick in time': 'sent: publish',
    'tick after the deadline': '·',
    'tick after the grace': 'expired: not_executed',
  },
  sent: {
    ...open,
    'tick in time': 'sent: publish',
    'tick after the deadline': '·',
    'tick after the grace': 'unknown: unanswered',
  },
  accepted: {
    ...open,
    acc: '·',
    'tick in time': '·',
    'tick after the deadline': '·',
    'tick after the grace': 'unknown: unanswered',
  },
  unknown: {
    ...nothing,
    ...open,
    acc: '·',
    interrupted: '·',
    superseded: '·',
    'fail interrupted, bolt not locked': '·',
  },
  done: nothing,
  rejected: nothing,
  failed: nothing,
  expired: nothing,
}

describe('every pair of state and event', () => {
  for (const state of states) {
    for (const [name, event] of Object.entries(events)) {
      it(`${state} + ${name} → ${table[state][name]}`, () => {
        const before = inState(state)
        const step = stepCommand(before, event)
        const told =
          step.state === before && step.effects.length === 0
            ? '·'
            : `${step.state.state}:${step.effects.map((e) => ` ${e.kind}`).join('')}`
        expect(told).toBe(table[state][name])
      })
    }
  }
  it('can enter every state and leave every one that has not ended', () => {
    const entered = new Set<CommandState>(['queued'])
    for (let i = 0; i < states.length; i++) {
      for (const from of [...entered]) {
        for (const event of Object.values(events)) entered.add(stepCommand(inState(from), event).state.state)
      }
    }
    expect([...entered].sort()).toEqual([...states].sort())
    for (const state of states.filter((s) => !hasEnded(s))) {
      expect(Object.values(events).some((e) => stepCommand(inState(state), e).state.state !== state)).toBe(true)
    }
  })
})

describe('a command', () => {
  const anyEvent = fc.oneof(
    fc.constantFrom(...Object.values(events)),
    fc.integer({ min: 0, max: 40_000 }).map((ms): CommandEvent => ({ kind: 'tick', nowMs: at(ms) })),
  )
  it('is never published at or after its deadline, and tells its outcome at most once', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (story) => {
        let command = queued
        let outcomes = 0
        for (const event of story) {
          const step = stepCommand(command, event)
          for (const effect of step.effects) {
            if (effect.kind === 'publish') expect(event.kind === 'tick' && event.nowMs < command.expiresAt).toBe(true)
            if (effect.kind === 'done' || effect.kind === 'not_executed') outcomes++
          }
          command = step.state
        }
        expect(outcomes).toBeLessThanOrEqual(1)
      }),
    )
  })
})
