import { describe, expect, it } from 'vitest'
import type { LockEvent } from '../../../contracts/mqtt/reports.ts'
import { epochMs } from '../../../contracts/units.ts'
import { heardAlarms } from './heard-alarms.ts'

const nowMs = epochMs(1_900_000_000_000)
const parked = { madeAtMs: nowMs, nowMs, isInHands: false }
const head = { v: 1, b: 7, q: 9, u: 9_000, t: 0, tq: 0 } as const
const own = (a: string) => ({ ...head, k: 'alarm', a }) as LockEvent
const bolt = (to: string, by = 'cmd') => ({ ...head, k: 'bolt', from: 'locked', to, by }) as LockEvent
const said = (event: LockEvent, hearing = parked) =>
  heardAlarms(event, hearing).map(({ say, kind }) => `${say} ${kind}`)

describe('what a lock says', () => {
  it.each([
    ['tamper', ['raise tampered'], []],
    ['cable', ['raise tampered'], []],
    ['tamper_end', ['clear tampered'], ['clear tampered']],
    ['fall', ['raise fallen'], []],
    ['fall_end', ['clear fallen'], ['clear fallen']],
    ['move', ['raise shaken'], []],
    ['shake', ['raise shaken'], []],
    ['forced', ['raise forced'], ['raise forced']],
    ['temp', ['raise lock_trouble'], []],
    ['gnss_jam', ['raise lock_trouble'], []],
    ['sim', ['raise lock_trouble'], []],
  ])('of %s is told when the bike stands, and mostly not while somebody has it', (a, standing, inHands) => {
    expect(said(own(a))).toEqual(standing)
    expect(said(own(a), { ...parked, isInHands: true })).toEqual(inHands)
  })

  it('of a fall an hour ago is no news any more; of its case being opened it is', () => {
    const late = { ...parked, madeAtMs: epochMs(nowMs - 3_600_000) }
    expect(said(own('fall'), late)).toEqual([])
    expect(said(own('shake'), late)).toEqual([])
    expect(said(own('tamper'), late)).toEqual(['raise tampered'])
  })

  it('of its bolt: jams are told, the first one when opening blocks nothing, and an opening ends them', () => {
    expect(heardAlarms(bolt('jam_open'), parked)).toMatchObject([{ kind: 'jammed_open', blocksRental: false }])
    expect(said(bolt('jam_close'))).toEqual(['raise jammed_close'])
    expect(said(bolt('unlocked'))).toEqual(['clear jammed_open'])
    expect(said(bolt('unlocked', 'force'))).toEqual([])
    expect(said(bolt('locked'))).toEqual([])
  })
})
