import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Uuid } from './ids.ts'
import { BoltEvent, BoltState, BootId, protocolVersion, Uptime } from './mqtt/reports.ts'
import { maxFrameBytes, mostCodes } from './no-coverage-words.ts'

/**
 * What a lock and a phone say to each other without the lock having coverage (lock-protocol 2.6). A frame is one JSON
 * object in UTF-8; `k` is its kind. MACs are the first 16 bytes of an HMAC-SHA256, in base64url, over lines joined by
 * "\n". docs/no-coverage.md tells how frames travel over GATT.
 */

const Mac = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$', description: '16 bytes of an HMAC-SHA256, base64url' })
const Sequence = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Seconds = Type.Integer({ minimum: 0, maximum: 4_102_444_800, description: 'unix time, s' })
const version = { v: Type.Literal(protocolVersion) }

/** 128 random bits, new for each connection. */
export const PhoneNonce = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$', description: '128 random bits, base64url' })
/** What the lock is called on the air today: says nothing of who it is to anybody without its key. */
export const AdvertisedId = Type.String({ pattern: '^[0-9a-f]{12}$' })

export const PhoneOperation = Type.Union([Type.Literal('pause'), Type.Literal('resume'), Type.Literal('end')])
export type PhoneOperation = Type.Static<typeof PhoneOperation>

/** Lock → phone, first word of a connection. */
export const Challenge = Type.Object(
  {
    ...version,
    k: Type.Literal('ch'),
    id: AdvertisedId,
    b: BootId,
    u: Uptime,
    n: PhoneNonce,
    s: {
      ...Sequence,
      description: 'last counter that the lock accepted, of a command or of a grant',
    } as typeof Sequence,
    soc: Type.Integer({ minimum: 0, maximum: 100 }),
    bolt: BoltState,
    kv: Type.Integer({ minimum: 0, maximum: 255 }),
    m: Mac,
  },
  { additionalProperties: false },
)
export type Challenge = Type.Static<typeof Challenge>

/** Server → phone → lock: open once, in answer to this challenge. */
export const Grant = Type.Object(
  {
    ...version,
    k: Type.Literal('g'),
    id: Uuid,
    b: BootId,
    n: PhoneNonce,
    op: Type.Literal('unlock'),
    s: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'counter, shared with commands' }),
    ttl: Type.Integer({ minimum: 1, maximum: 60_000, description: 'ms since the challenge was made' }),
    m: Mac,
  },
  { additionalProperties: false },
)
export type Grant = Type.Static<typeof Grant>

/** A key of one paid ride, made when it began; the codes that go with it are the rider's secret. */
export const PhoneKey = Type.Object(
  {
    id: Uuid,
    s: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'a higher one revokes this one' }),
    nbf: Seconds,
    exp: Seconds,
    c: Type.Integer({ minimum: 1, maximum: mostCodes, description: 'codes that belong to it' }),
    ops: Type.Array(PhoneOperation, { minItems: 1, maxItems: 3 }),
    m: Mac,
  },
  { additionalProperties: false },
)
export type PhoneKey = Type.Static<typeof PhoneKey>

/** Phone → lock: by code `i` of a key. The code itself is never on the air, only its proof over this challenge. */
export const CodeUse = Type.Object(
  {
    ...version,
    k: Type.Literal('c'),
    key: PhoneKey,
    op: PhoneOperation,
    i: Type.Integer({ minimum: 1, maximum: mostCodes }),
    p: Mac,
  },
  { additionalProperties: false },
)
export type CodeUse = Type.Static<typeof CodeUse>

/** Phone → lock: what did your bolt do last? */
export const Tell = Type.Object({ ...version, k: Type.Literal('t') }, { additionalProperties: false })

const placeNames = ['la', 'lo', 'ha', 'fx', 'sv', 'sp', 'hd', 'fa'] as const
/** What of an event of the bolt is the place. */
export const BoltPlace = Type.Pick(BoltEvent, [...placeNames], { additionalProperties: false })
export type BoltPlace = Type.Static<typeof BoltPlace>

/** An event's place apart from the rest of it. */
export function withoutPlace<E extends BoltPlace>(event: E): readonly [Omit<E, keyof BoltPlace>, BoltPlace] {
  const { la, lo, ha, fx, sv, sp, hd, fa, ...rest } = event
  const given = Object.entries({ la, lo, ha, fx, sv, sp, hd, fa }).filter(([, value]) => value !== undefined)
  return [rest, Object.fromEntries(given)]
}

/** The lock's own record of its bolt, as its outbox will send it: the same (b, q), so that it counts once. */
export const LockReceipt = Type.Object(
  {
    ...version,
    k: Type.Literal('r'),
    e: Type.Omit(BoltEvent, ['v', 'k', 'bf', ...placeNames], { additionalProperties: false }),
    x: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{2,240}$',
        description: 'where it happened, for our server only: a phone beside the lock may be anybody’s',
      }),
    ),
    m: Mac,
  },
  { additionalProperties: false },
)
export type LockReceipt = Type.Static<typeof LockReceipt>

/** Lock → phone: understood; now push the lever. */
export const Noted = Type.Object(
  { ...version, k: Type.Literal('ok'), op: PhoneOperation },
  { additionalProperties: false },
)

export const NoReason = Type.Union([
  Type.Literal('form'),
  Type.Literal('mac'),
  /** This challenge is over: connect again. */
  Type.Literal('nonce'),
  Type.Literal('late'),
  Type.Literal('seq'),
  Type.Literal('busy'),
  Type.Literal('batt'),
  Type.Literal('moving'),
  /** A newer key has revoked this one. */
  Type.Literal('revoked'),
  /** This code, or a later one, was used before. */
  Type.Literal('used'),
  Type.Literal('op'),
  Type.Literal('expired'),
  /** The lock does not know the time, and has opened without it often enough. */
  Type.Literal('clock'),
  Type.Literal('nothing'),
])
export type NoReason = Type.Static<typeof NoReason>
export const No = Type.Object({ ...version, k: Type.Literal('no'), why: NoReason }, { additionalProperties: false })

export const PhoneFrame = Type.Union([Grant, CodeUse, Tell])
export type PhoneFrame = Type.Static<typeof PhoneFrame>
export const LockFrame = Type.Union([Challenge, LockReceipt, Noted, No])
export type LockFrame = Type.Static<typeof LockFrame>

/** Bytes of a frame; throws when it does not fit, which is a bug: every schema above is narrower. */
export function encodeFrame(frame: PhoneFrame | LockFrame): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(frame))
  if (bytes.length > maxFrameBytes) throw new Error(`a frame of ${bytes.length} bytes does not fit`)
  return bytes
}

/** Null for what is too long, is no JSON, or is no frame. */
export const decodePhoneFrame = decoder<PhoneFrame>(PhoneFrame)
export const decodeLockFrame = decoder<LockFrame>(LockFrame)

/** The place in a receipt once it is unsealed; null for what is none. */
export const readPlace = decoder<BoltPlace>(BoltPlace)

function decoder<Frame>(schema: TSchema): (bytes: Uint8Array) => Frame | null {
  const validator = Compile(schema)
  return (bytes) => {
    const read = jsonIn(bytes)
    return validator.Check(read) ? (read as Frame) : null
  }
}

function jsonIn(bytes: Uint8Array): unknown {
  if (bytes.length > maxFrameBytes) return null
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // Whoever stands near may send anything.
    return null
  }
}
