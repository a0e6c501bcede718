import { describe, expect, it } from 'vitest'
import type { CrewAct } from '../../contracts/http/crews.ts'
import { mostActsAtOnce, nextSend, undoable, undoWindowMs, type WaitingAct } from './next-send.ts'
import { pauseAfter, settleAnswer } from './settle-answer.ts'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const mia = id(101)
const tom = id(102)
const fresh = { crewId: mia, confirmed: false, photoTries: 0, faults: 0 }
const waiting = (seq: number, over: Partial<WaitingAct> = {}, photoId?: string): WaitingAct => ({
  seq,
  act: {
    act: 'blocked',
    actId: id(seq),
    routeId: id(999),
    atMs: 1_795_298_400_000,
    lon: null,
    lat: null,
    bike: '10012',
    stopId: null,
    ...(photoId === undefined ? {} : { photoId }),
  },
  doneAtMs: 1_000,
  tried: false,
  hasPhoto: photoId !== undefined,
  ...fresh,
  ...over,
})
const endOfShift = (seq: number, doneAtMs: number): WaitingAct => {
  const { routeId, atMs } = waiting(seq).act
  const act: CrewAct = { act: 'end_shift', actId: id(seq), routeId, atMs, lon: null, lat: null }
  return { seq, act, doneAtMs, tried: false, hasPhoto: false, ...fresh }
}
const laterMs = 1_000 + undoWindowMs

describe('the outbox', () => {
  it('has nothing to send when it is empty', () => {
    expect(nextSend([], 0, mia)).toEqual({ kind: 'nothing' })
  })
  it('holds an act for as long as it can be undone', () => {
    expect(nextSend([waiting(1)], 3_000, mia)).toEqual({ kind: 'wait', ms: undoWindowMs - 2_000 })
    expect(nextSend([waiting(1)], laterMs, mia)).toMatchObject({ kind: 'acts', acts: [{ seq: 1 }] })
  })
  it('sends at once what was tried before, and the end of a shift with all that came before it', () => {
    expect(nextSend([waiting(1, { tried: true })], 1_001, mia).kind).toBe('acts')
    const next = nextSend([waiting(1), endOfShift(2, 1_500)], 1_600, mia)
    expect(next.kind === 'acts' && next.acts.map(({ seq }) => seq)).toEqual([1, 2])
  })
  it('does not wait for a clock that was set back', () => {
    expect(nextSend([waiting(1, { doneAtMs: 900_000 })], 1_000, mia).kind).toBe('acts')
  })
  it('sends a picture before its act, and what came before both first', () => {
    const both = [waiting(1), waiting(2, {}, id(50))]
    const first = nextSend(both, laterMs, mia)
    expect(first.kind === 'acts' && first.acts.map(({ seq }) => seq)).toEqual([1])
    expect(nextSend(both.slice(1), laterMs, mia)).toMatchObject({ kind: 'photo', of: { seq: 2 } })
  })
  it('lets acts go once a picture could not be sent, and the picture when no act waits', () => {
    const failed = waiting(1, { photoTries: 1 }, id(50))
    const next = nextSend([failed, waiting(2), waiting(3, {}, id(51))], laterMs, mia)
    expect(next.kind === 'acts' && next.acts.map(({ seq }) => seq)).toEqual([1, 2, 3])
    const kept = { ...failed, confirmed: true }
    expect(nextSend([kept, waiting(2)], laterMs, mia)).toMatchObject({ kind: 'acts', acts: [{ seq: 2 }] })
    expect(nextSend([kept, waiting(2)], 3_000, mia).kind).toBe('wait')
    const other = waiting(3, { confirmed: true }, id(51))
    expect(nextSend([kept, other], laterMs, mia)).toMatchObject({ kind: 'photo', of: { seq: 3 } })
    expect(nextSend([kept], laterMs, mia)).toMatchObject({ kind: 'photo', of: { seq: 1 } })
  })
  it('sends nothing under the name of another crew', () => {
    expect(nextSend([waiting(1)], laterMs, tom)).toEqual({ kind: 'other_crew' })
    expect(nextSend([waiting(1, { confirmed: true }, id(50))], laterMs, tom)).toEqual({ kind: 'other_crew' })
    const both = [waiting(1), waiting(2, { crewId: tom })]
    expect(nextSend(both, laterMs, tom)).toMatchObject({ kind: 'acts', acts: [{ seq: 2 }] })
    expect(undoable([waiting(1)], tom)).toBeNull()
  })
  it('keeps a request small', () => {
    const many = Array.from({ length: 180 }, (_, seq) => waiting(seq))
    const next = nextSend(many, laterMs, mia)
    expect(next.kind === 'acts' && next.acts.length).toBe(mostActsAtOnce)
  })
})

describe('an act', () => {
  it('can be undone until it was on its way', () => {
    expect(undoable([waiting(1), waiting(2)], mia)?.seq).toBe(2)
    expect(undoable([waiting(1), waiting(2, { tried: true })], mia)).toBeNull()
    expect(undoable([], mia)).toBeNull()
  })
  it('that ends the shift was asked for twice and is not undone', () => {
    expect(undoable([waiting(1), endOfShift(2, 1_500)], mia)).toBeNull()
  })
})

describe('an answer', () => {
  const result = (n: number, outcome: 'applied' | 'repeated' | 'refused') => ({
    actId: id(n),
    outcome,
    code: outcome === 'refused' ? 'bike_with_crew' : null,
    by: outcome === 'refused' ? 'Kim' : null,
  })
  it('takes off the phone what was applied, repeated or refused', () => {
    const results = [result(1, 'applied'), result(2, 'repeated'), result(3, 'refused')]
    const { done, refused } = settleAnswer([waiting(1), waiting(2), waiting(3)], results)
    expect(done).toEqual([1, 2, 3])
    expect(refused).toMatchObject([{ actId: id(3), code: 'bike_with_crew', by: 'Kim' }])
  })
  it('leaves on the phone what it does not mention', () => {
    expect(settleAnswer([waiting(1), waiting(2)], [result(1, 'applied')]).done).toEqual([1])
  })
})

it('rests longer after each failure, up to a minute and a quarter', () => {
  expect([1, 2, 3, 4, 20].map((failures) => pauseAfter(failures, 0.5))).toEqual([2_000, 4_000, 8_000, 16_000, 60_000])
})
