import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { Notes, Violation } from '../world/notes.ts'
import { type Checker, violation } from './evidence.ts'

/** What a lock must hold to at every moment, whatever the world does to it: another one is looked at after each event. */
export function lockIsRight(lock: Lock): readonly Violation[] {
  const { keptBesideDropped } = lock.outbox()
  const { percent } = lock.truth()
  return [
    ...(keptBesideDropped === 0
      ? []
      : [violation('no-event-dropped-for-telemetry', `${lock.lockId}: ${keptBesideDropped} records were kept`)]),
    ...(percent >= 0 && percent <= 100
      ? []
      : [violation('a-cell-is-never-below-empty', `${lock.lockId} ${percent} %`)]),
  ]
}

/** A cell has become critical: from now on the lock is silent most of the time. */
export function noteCritical({ critical, count }: Notes, lock: Lock): void {
  if (lock.truth().mode !== 'crit') return
  const boots = critical.get(lock.lockId) ?? new Set()
  if (boots.has(lock.bootId())) return
  if (boots.size === 0) critical.set(lock.lockId, boots)
  boots.add(lock.bootId())
  count('lock became critical')
}

/** Before it fell silent it has said so, in this boot or in one before. */
export const lastWords: Checker = ({ notes, reports }) =>
  [...notes.critical].flatMap(([lockId, boots]) => {
    const said = reports.filter(({ lock_id, body }) => lock_id === lockId && body.k === 'power' && isLastWord(body.lv))
    return [...boots]
      .filter((bootId) => !said.some(({ boot_id }) => boot_id <= bootId))
      .map((bootId) => violation('a-critical-lock-says-a-last-word', `${lockId} in boot ${bootId}`))
  })

/** A cell that fails at once is off without ever having been critical. */
const isLastWord = (level: string | undefined): boolean => level === 'crit' || level === 'off'
