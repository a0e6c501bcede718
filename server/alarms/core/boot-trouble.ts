import type { ResetReason } from '../../../contracts/mqtt/reports.ts'
import type { EpochMs } from '../../../contracts/units.ts'

/** One start of a lock, as it told it. */
export interface ToldBoot {
  readonly reason: ResetReason
  /** City time, as far as it is known: boots that nobody heard meanwhile all seem to be of the moment they came in. */
  readonly madeAtMs: EpochMs
  /** How long the boot before this one lasted, by the lock itself; null: it did not say. */
  readonly upMs: number | null
}

export interface BootTrouble {
  /** Resets for want of voltage in the last 24 hours. */
  readonly brownOuts: number
  /** Starts of the last hour that nobody asked for, and why. */
  readonly restarts: Readonly<Record<'count' | 'watchdog' | 'panic' | 'brownout' | 'power', number>>
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Boots that are looked at: with one a minute an hour of them, and more of a storm says nothing new. */
export const bootsLookedAt = 60

/**
 * What a lock's last boots say, the newest first. Their ages are summed up from what each says of the one before: a lock
 * that had no network for two days has not started four times in the minute in which it told so.
 */
export function bootTrouble(boots: readonly ToldBoot[]): BootTrouble {
  const restarts = { count: 0, watchdog: 0, panic: 0, brownout: 0, power: 0 }
  let [brownOuts, ageMs] = [0, 0]
  for (const [index, { reason, madeAtMs, upMs }] of boots.entries()) {
    if (ageMs >= dayMs) break
    if (reason === 'brownout') brownOuts += 1
    if (ageMs < hourMs && reason !== 'cmd' && reason !== 'ota') {
      restarts.count += 1
      restarts[reason] += 1
    }
    const before = boots[index + 1]
    const apartMs = before === undefined ? 0 : Math.max(0, madeAtMs - before.madeAtMs)
    ageMs += Math.max(upMs ?? 0, apartMs)
  }
  return { brownOuts, restarts }
}
