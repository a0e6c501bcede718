import { inflateSync } from 'fflate'
import { decodeDeflatedTelemetry, decodeTelemetry } from '../../contracts/mqtt/codec.ts'
import type { Telemetry, TelemetryRecord } from '../../contracts/mqtt/reports.ts'

/** A `tel` message as its reader sees it, deflated or not; throws when it cannot be read. */
export function telemetryOf(payload: string | Uint8Array): Telemetry {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  const deflated = decodeDeflatedTelemetry(bytes)
  if (!deflated.ok) return read(bytes)
  const { v, b, d } = deflated.value
  const inflated = inflateSync(Uint8Array.from(atob(d), (character) => character.charCodeAt(0)))
  const r = JSON.parse(new TextDecoder().decode(inflated)) as TelemetryRecord[]
  // Judged as one message of at most 25 records: 50 inflated may be more than a message may have.
  const half = Math.ceil(r.length / 2)
  for (const part of [r.slice(0, half), r.slice(half)]) {
    if (part.length > 0) read(new TextEncoder().encode(JSON.stringify({ v, b, r: part })))
  }
  return { v, b, bf: 1, r }
}

export const recordsOf = (payload: string | Uint8Array): readonly TelemetryRecord[] => telemetryOf(payload).r

function read(bytes: Uint8Array): Telemetry {
  const decoded = decodeTelemetry(bytes)
  if (!decoded.ok) throw new Error(decoded.why)
  return decoded.value
}
