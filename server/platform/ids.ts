import { randomBytes } from 'node:crypto'

/** Where new ids come from; the simulation passes a seeded one. */
export interface Ids {
  /** UUIDv7 (RFC 9562): sorts by time of making. */
  uuid(): string
  /** `bytes` of randomness as base64url: secrets, receipts, public bike ids. */
  token(bytes: number): string
  /** Decimal digits, uniformly: one-time codes. */
  digits(count: number): string
}

export const idsFrom = (fill: (bytes: number) => Uint8Array, nowMs: () => number): Ids => ({
  uuid: () => uuidV7(nowMs(), fill(10)),
  token: (bytes) => Buffer.from(fill(bytes)).toString('base64url'),
  digits: (count) => {
    let digits = ''
    while (digits.length < count) {
      // 250 is the largest multiple of 10 below 256: larger bytes would make low digits likelier.
      for (const byte of fill(count)) if (byte < 250 && digits.length < count) digits += String(byte % 10)
    }
    return digits
  },
})

export const secureIds: Ids = idsFrom(randomBytes, Date.now)

function uuidV7(ms: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(ms, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
