import { inflateRawSync } from 'node:zlib'
import type { DeflatedTelemetry, Telemetry } from '../../contracts/mqtt/reports.ts'
import type { PublishKind } from '../firmware/report-queue.ts'

export interface AcknowledgedRecord {
  readonly bootId: number
  readonly sequence: number
}

/** The records that a stored message has made the platform's: presence is none, and a batch is many. */
export function acknowledgedRecords(channel: PublishKind, payload: string): readonly AcknowledgedRecord[] {
  switch (channel) {
    case 'presence':
    case 'ota':
    case 'log':
      return []
    case 'hello':
    case 'evt':
    case 'ack': {
      const { b, q } = JSON.parse(payload) as { readonly b: number; readonly q: number }
      return [{ bootId: b, sequence: q }]
    }
    case 'tel': {
      const told = JSON.parse(payload) as Telemetry | DeflatedTelemetry
      return recordsOf(told).map(({ q }) => ({ bootId: told.b, sequence: q }))
    }
  }
}

function recordsOf(told: Telemetry | DeflatedTelemetry): Telemetry['r'] {
  if (!('z' in told)) return told.r
  return JSON.parse(inflateRawSync(Buffer.from(told.d, 'base64')).toString()) as Telemetry['r']
}
