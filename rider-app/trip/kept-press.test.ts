import { describe, expect, it } from 'vitest'
import { isMeantIn, type KeptPress, mayStillBeSent, type TripAct } from './kept-press.ts'

const pressed = (name: TripAct, reason?: string): KeptPress => ({
  name,
  body: reason === undefined ? undefined : { reason },
  atMs: 1_000_000,
})
const at = (seconds: number) => 1_000_000 + seconds * 1_000

describe('a press that waits for a network', () => {
  it('opens no lock a minute later, when nobody may stand beside it any more', () => {
    expect(mayStillBeSent(pressed('resume'), at(59))).toBe(true)
    expect(mayStillBeSent(pressed('resume'), at(61))).toBe(false)
  })

  it('may end, pause and report for ten minutes', () => {
    for (const name of ['end', 'pause', 'cancel', 'free-exit'] as const) {
      expect(mayStillBeSent(pressed(name), at(599)), name).toBe(true)
      expect(mayStillBeSent(pressed(name), at(601)), name).toBe(false)
    }
  })

  it('is not sent by a clock that was turned back', () => {
    expect(mayStillBeSent(pressed('end'), at(-1))).toBe(false)
  })

  it('keeps a free exit over the end of the ride, which may be told before it is heard', () => {
    for (const state of ['riding', 'paused', 'ending', 'ended', 'charged'] as const) {
      expect(isMeantIn(pressed('free-exit', 'brakes'), state), state).toBe(true)
    }
    expect(isMeantIn(pressed('free-exit', 'brakes'), 'failed')).toBe(false)
  })

  it('keeps the end of a ride whose lock does not obey, but not that of a locked bike which was opened again', () => {
    expect(isMeantIn(pressed('end', 'lock_will_not_close'), 'paused')).toBe(true)
    expect(isMeantIn(pressed('end', 'other'), 'paused')).toBe(true)
    expect(isMeantIn(pressed('end', 'other'), 'riding')).toBe(false)
    expect(isMeantIn(pressed('end', 'lock_will_not_close'), 'ended')).toBe(false)
  })

  it('is over with its state otherwise', () => {
    expect(isMeantIn(pressed('pause'), 'paused')).toBe(false)
    expect(isMeantIn(pressed('resume'), 'riding')).toBe(false)
    expect(isMeantIn(pressed('cancel'), 'unlocking')).toBe(false)
  })
})
