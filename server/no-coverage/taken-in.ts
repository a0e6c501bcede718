import type { LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import type { BoltEvent } from '../../contracts/mqtt/reports.ts'
import { realSchedule } from '../fleet/schedule.ts'
import type { UplinkIngest } from '../fleet/uplink-ingest.ts'

/** So long, real time, a phone waits for the commit. Then it keeps its receipt, and brings it again. */
const longestCommitMs = 5_000

/**
 * An event that came another way than by the lock's own radio: stored once under the same (lock, b, q). `late`: the
 * database does not commit now; it may be stored yet.
 */
export function takenIn(
  ingest: Pick<UplinkIngest, 'sink'>,
  lockId: LockId,
  event: BoltEvent,
  schedule = realSchedule,
): Promise<'stored' | 'refused' | 'late'> {
  const topic = { kind: 'uplink', lockId, uplink: 'evt' } as const
  const payload = new TextEncoder().encode(encodeMessage(event))
  return new Promise((resolve) => {
    schedule(longestCommitMs, () => resolve('late'))
    ingest.sink({ lockId, topic, payload }, resolve)
  })
}
