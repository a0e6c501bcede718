import type { LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import type { BoltEvent } from '../../contracts/mqtt/reports.ts'
import type { UplinkIngest } from '../fleet/uplink-ingest.ts'

/** An event that came another way than by the lock's own radio: stored once under the same (lock, b, q). */
export function takenIn(
  ingest: Pick<UplinkIngest, 'sink'>,
  lockId: LockId,
  event: BoltEvent,
): Promise<'stored' | 'refused'> {
  const topic = { kind: 'uplink', lockId, uplink: 'evt' } as const
  const payload = new TextEncoder().encode(encodeMessage(event))
  return new Promise((resolve) => ingest.sink({ lockId, topic, payload }, resolve))
}
