import { describe, expect, it } from 'vitest'
import type { PlanEdit, PlanEditAnswer } from '../../contracts/http/nights.ts'
import { type EditEvent, type EditState, nextEditState, noEdit } from './edit-state.ts'

const edit: PlanEdit = { kind: 'drop_stop', vanId: 'van-1', stop: 2 }
const other: PlanEdit = { kind: 'drop_stop', vanId: 'van-1', stop: 3 }
const figures = { value: 10, cost: 2, objective: 8, bikesMoved: 4, distanceM: 900 }
const answer: PlanEditAnswer = { done: false, before: figures, after: figures, faults: [], plan: null }
const refused = { kind: 'refused', code: 'plan_changed' } as const
const stateAfter = (...events: readonly EditEvent[]): EditState => events.reduce(nextEditState, noEdit)

describe('an edit', () => {
  it('is done only after its price was seen', () => {
    const priced = stateAfter({ kind: 'ask', edit }, { kind: 'price', edit, answer, revision: 7 })
    expect(priced).toEqual({ kind: 'priced', edit, answer, revision: 7 })
    const doing = nextEditState(priced, { kind: 'do', edit })
    expect(doing.kind).toBe('doing')
    expect(nextEditState(doing, { kind: 'done', edit })).toBe(noEdit)
  })
  it('loses its price when another one is asked for', () => {
    const state = stateAfter(
      { kind: 'ask', edit },
      { kind: 'ask', edit: other },
      { kind: 'price', edit, answer, revision: 7 },
    )
    expect(state).toEqual({ kind: 'asking', edit: other })
  })
  it('cannot be cancelled, nor another one asked, while it is being done', () => {
    const doing = stateAfter({ kind: 'do', edit })
    expect(nextEditState(doing, { kind: 'cancel' })).toBe(doing)
    expect(nextEditState(doing, { kind: 'ask', edit: other })).toBe(doing)
    expect(nextEditState(doing, { kind: 'do', edit: other })).toBe(doing)
  })
  it('tells why it was refused, until it is put away', () => {
    const state = stateAfter({ kind: 'ask', edit }, { kind: 'refuse', edit, refused })
    expect(state).toEqual({ kind: 'refused', edit, refused })
    expect(nextEditState(state, { kind: 'cancel' })).toBe(noEdit)
  })
  it('that was put away does not come back with a late answer', () => {
    expect(stateAfter({ kind: 'ask', edit }, { kind: 'cancel' }, { kind: 'price', edit, answer, revision: 7 })).toBe(
      noEdit,
    )
    expect(stateAfter({ kind: 'ask', edit }, { kind: 'cancel' }, { kind: 'refuse', edit, refused })).toBe(noEdit)
  })
})
