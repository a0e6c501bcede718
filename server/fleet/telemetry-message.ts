import { inflateRawSync } from 'node:zlib'
import {
  type Decoded,
  decodeDeflatedTelemetry,
  decodeInflatedRecords,
  decodeTelemetry,
} from '../../contracts/mqtt/codec.ts'
import { type DeflatedTelemetry, maxInflatedBytes, type Telemetry } from '../../contracts/mqtt/reports.ts'

/** A `tel` message to its checked records, raw or deflated; never throws, and never holds more than is allowed. */
export function readTelemetry(payload: Uint8Array): Decoded<Telemetry> {
  // Most messages are raw: one look at the bytes saves reading them twice.
  if (!Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes('"z"'))
    return decodeTelemetry(payload)
  const deflated = decodeDeflatedTelemetry(payload)
  if (deflated.ok) return inflated(deflated.value)
  const raw = decodeTelemetry(payload)
  return raw.ok ? raw : deflated
}

function inflated({ v, b, bf, d }: DeflatedTelemetry): Decoded<Telemetry> {
  const bytes = Buffer.from(d, 'base64')
  // Buffer forgives what is no base64; a batch has one spelling only.
  if (bytes.toString('base64') !== d) return { ok: false, why: '/d is no base64' }
  const text = inflatedBytes(bytes)
  if (typeof text === 'string') return { ok: false, why: text }
  const records = decodeInflatedRecords(text)
  if (!records.ok) return { ok: false, why: `inflated: ${records.why}` }
  return { ok: true, value: { v, b, ...(bf === undefined ? {} : { bf }), r: records.value } }
}

/** The bytes, or why there are none. */
function inflatedBytes(bytes: Buffer): Uint8Array | string {
  try {
    const options = { maxOutputLength: maxInflatedBytes, info: true }
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as Inflated
    return engine.bytesWritten === bytes.length ? buffer : 'bytes after the end of the deflated batch'
  } catch (error) {
    return `not inflated: ${error instanceof Error ? error.message : 'unreadable'}`
  }
}

/** What zlib gives with `info`; `bytesWritten` are the bytes that it has used. */
interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}
