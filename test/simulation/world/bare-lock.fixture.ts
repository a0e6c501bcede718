import { asId, type LockId } from '../../../contracts/ids.ts'
import { seededRandom } from '../../../contracts/random.ts'
import { createLock } from '../../../lock-simulator/body/lock-body.ts'
import { createVirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import { createAir } from '../../../lock-simulator/radio/air.ts'
import { startMs } from './open-world.ts'
import { cornerAt } from './street.ts'

/** A lock with power in clear air, and a broker that believes everything: no server, no riders. */
export function bareLock() {
  const clock = createVirtualClock(startMs)
  const { nowMs, schedule } = clock
  const random = seededRandom('bare lock')
  const lockId = asId<LockId>('lock-bare-1')
  const air = createAir({
    random: random.split('air'),
    nowMs,
    schedule,
    sink: (_lock, _topic, _bytes, puback) => puback(),
  })
  const keys = { keyVersion: 1, commandKey: new Uint8Array(32).fill(5) }
  const lock = createLock({ lockId, keys, random, nowMs, schedule, radio: air.radio(lockId), position: cornerAt(0) })
  const wait = (ms: number) => clock.runUntil(nowMs() + ms)
  wait(60_000)
  return { lock, wait }
}
