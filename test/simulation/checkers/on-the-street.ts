import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { Violation } from '../world/notes.ts'
import { violation } from './evidence.ts'

/** What a lock must hold to at every moment, whatever the world does to it: another one is looked at after each event. */
export function lockIsRight(lock: Lock): readonly Violation[] {
  const { droppedEvents, telemetry } = lock.outbox()
  const { percent } = lock.truth()
  return [
    ...(droppedEvents === 0 || telemetry === 0
      ? []
      : [violation('no-event-dropped-for-telemetry', `${lock.lockId}: ${droppedEvents} events, ${telemetry} kept`)]),
    ...(percent >= 0 && percent <= 100
      ? []
      : [violation('a-cell-is-never-below-empty', `${lock.lockId} ${percent} %`)]),
  ]
}
