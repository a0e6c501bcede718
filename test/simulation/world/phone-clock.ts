import type { Random } from '../../../contracts/random.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import { countFault } from './fault-kinds.ts'
import type { Notes } from './notes.ts'

/** What a phone takes for the time, to judge whether something is over. No lock and no server is ever told it. */
export interface PhoneClock {
  readonly isWrong: boolean
  now(): Moment
  /** It is set, or not: by its network, which is as wrong, or by hand. */
  wander(): void
  /** Whether `since` is at most so long ago by this clock. One that was turned back proves nothing: then it is not. */
  isYoung(since: Moment, forMs: number): boolean
  /** The same of one that looks at the end only: turned back, it takes for good what is long over. */
  isNotOver(since: Moment, forMs: number): boolean
  isBetween(fromMs: number, untilMs: number): boolean
}

/** By its own clock, and in truth. */
export interface Moment {
  readonly shownMs: number
  readonly trueMs: number
}

/** Seconds, minutes, or hours up to a day. */
const errorsMs = [
  [2_000, 60_000],
  [60_000, 3_600_000],
  [3_600_000, 86_400_000],
] as const
const isSetChance = 0.5

export function createPhoneClock(settings: {
  readonly clock: VirtualClock
  readonly random: Random
  readonly notes: Notes
  readonly isWrong: boolean
}): PhoneClock {
  const { clock, random, notes, isWrong } = settings
  let errorMs = isWrong ? anError() : 0

  function anError(): number {
    const [fromMs, toMs] = random.pick(errorsMs)
    return random.integer(fromMs, toMs) * random.pick([-1, 1])
  }

  const now = (): Moment => ({ shownMs: clock.nowMs() + errorMs, trueMs: clock.nowMs() })

  /** It has done harm, or none, where it says something else than the truth. */
  function judged(seems: boolean, isSo: boolean): boolean {
    if (seems !== isSo) countFault(notes, 'phone clock wrong')
    return seems
  }

  return {
    isWrong,
    now,
    wander: () => {
      if (isWrong && random.chance(isSetChance)) errorMs = anError()
    },
    isYoung: (since, forMs) => {
      const { shownMs, trueMs } = now()
      const ageMs = shownMs - since.shownMs
      return judged(ageMs >= 0 && ageMs <= forMs, trueMs - since.trueMs <= forMs)
    },
    isNotOver: (since, forMs) => {
      const { shownMs, trueMs } = now()
      return judged(shownMs <= since.shownMs + forMs, trueMs <= since.trueMs + forMs)
    },
    isBetween: (fromMs, untilMs) => {
      const { shownMs, trueMs } = now()
      return judged(shownMs >= fromMs && shownMs <= untilMs, trueMs >= fromMs && trueMs <= untilMs)
    },
  }
}
