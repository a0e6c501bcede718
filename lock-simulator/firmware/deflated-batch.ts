import { deflateSync } from 'fflate'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { type DeflatedTelemetry, protocolVersion, type TelemetryRecord } from '../../contracts/mqtt/reports.ts'

/** Fewer records than this do not repeat themselves enough. */
const leastDeflated = 4
/** Working memory of the compressor: 2^(12 + this) bytes, which is what a chip has. */
const memoryLevel = 4

/** A backlog batch as the text of its message: deflated when that is shorter. Records of one boot, at most 50. */
export function batchPayload(b: number, records: readonly TelemetryRecord[]): string {
  const raw = encodeMessage({ v: protocolVersion, b, bf: 1, r: records })
  if (records.length < leastDeflated) return raw
  const deflated = deflateSync(encoder.encode(JSON.stringify(records)), { level: 9, mem: memoryLevel })
  const message: DeflatedTelemetry = { v: protocolVersion, b, bf: 1, z: 1, d: base64(deflated) }
  const short = encodeMessage(message)
  return short.length < raw.length ? short : raw
}

const encoder = new TextEncoder()

/** A batch that is worth sending deflates to a few kB: few enough bytes for one call. */
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
