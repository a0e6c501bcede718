import { describe, expect, it } from 'vitest'
import { trialStateOf } from './trial-state.ts'

const answered = { isError: false, hasAnswer: true }

describe('what alarm settings would tell of', () => {
  it('is of what is typed only when just that was asked and answered', () => {
    expect(trialStateOf('b', 'b', answered)).toBe('of_these')
  })
  it('is of the thresholds before while somebody types and while the answer is under way', () => {
    expect(trialStateOf('b', 'a', answered)).toBe('of_others')
    expect(trialStateOf('b', 'b', { isError: false, hasAnswer: false })).toBe('of_others')
  })
  it('is unknown when asking failed, until something else is typed', () => {
    expect(trialStateOf('b', 'b', { isError: true, hasAnswer: false })).toBe('failed')
    expect(trialStateOf('c', 'b', { isError: true, hasAnswer: false })).toBe('of_others')
  })
  it('is nothing when a number is out of its range', () => {
    expect(trialStateOf(null, 'a', answered)).toBe('none')
  })
})
