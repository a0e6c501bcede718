import { describe, expect, it } from 'vitest'
import { inputsOf } from '../../test/fixtures/night-inputs.ts'
import { localTimeIn } from '../city/local-time.ts'
import { vansOfNight, zeroOfNight } from './core/tonight/vans-of-night.ts'

const { momentOf, minuteAt } = localTimeIn('Europe/Amsterdam')

/** What the wall clock shows when the first van leaves and comes home, in minutes since midnight. */
function shownHours(night: string): number[] {
  const { settings } = inputsOf({})
  const momentAt = (minute: number) => momentOf(night, minute)
  const vans = settings.vans.map((van) => ({ ...van, startsAt: '22:00', endsAt: '06:00' }))
  const early = inputsOf({ settings: { ...settings, vans }, nowMs: momentAt(20 * 60), momentAt })
  const inputs = { ...early, zeroMs: zeroOfNight(early) }
  const [van] = vansOfNight(inputs)
  return [van?.startS, van?.endS].map((second) => minuteAt(inputs.zeroMs + (second ?? 0) * 1_000))
}

describe('shifts', () => {
  it('are by the clock on the wall, in the nights that are an hour longer or shorter and in those before', () => {
    for (const night of ['2026-10-23', '2026-10-24', '2026-10-25', '2027-03-27', '2027-03-28', '2027-03-29']) {
      expect({ night, shown: shownHours(night) }).toEqual({ night, shown: [22 * 60, 6 * 60] })
    }
  })
})
