import { describe, expect, it } from 'vitest'
import type { CommandStep, StaffCommandState } from '../../contracts/http/bike-page.ts'
import { shownSteps, whyOf } from './command-steps.ts'

const been = (...states: StaffCommandState[]): CommandStep[] =>
  states.map((state, index) => ({ state, at: 1_000 + index }))
const drawn = (state: StaffCommandState, ...past: StaffCommandState[]) =>
  shownSteps({ state, steps: been(...past, state) }).map((step) => `${step.look} ${step.state}`)

describe('the way of a command', () => {
  it('shows where it is and what is ahead', () => {
    expect(drawn('queued')).toEqual(['now queued', 'ahead sent', 'ahead accepted', 'ahead done'])
    expect(drawn('accepted', 'queued', 'sent')).toEqual(['past queued', 'past sent', 'now accepted', 'ahead done'])
    expect(drawn('done', 'queued', 'sent', 'accepted')).toEqual([
      'past queued',
      'past sent',
      'past accepted',
      'past done',
    ])
  })

  it('ends where it went wrong', () => {
    expect(drawn('expired', 'queued')).toEqual(['past queued', 'wrong expired'])
    expect(drawn('unknown', 'queued', 'sent')).toEqual(['past queued', 'past sent', 'wrong unknown'])
  })

  it('tells the lock’s own reason before the general one, and none when all is well', () => {
    expect(whyOf({ state: 'rejected', resultCode: 'batt' })).toEqual({
      code: 'bikes.code.batt',
      otherwise: 'bikes.ended.rejected',
    })
    expect(whyOf({ state: 'unknown', resultCode: null })).toEqual({
      code: 'bikes.ended.unknown',
      otherwise: 'bikes.ended.unknown',
    })
    expect(whyOf({ state: 'done', resultCode: 'ok' })).toBeNull()
    expect(whyOf({ state: 'queued', resultCode: null })).toBeNull()
  })
})
