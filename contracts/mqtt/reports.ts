import { Type } from 'typebox'
import { Latitude, Longitude } from '../units.ts'

/** What a lock says. Unknown fields are ignored: newer firmware may say more. Every number has a range. */

export const protocolVersion = 1
/** Largest payload in either direction, bytes. The broker closes a connection that sends more. */
export const maxPayloadBytes = 8_192
/** Records in one `tel` message; senders also stop before `maxPayloadBytes`. */
export const maxTelemetryRecords = 50

const counter = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const BootId = Type.Integer({
  minimum: 0,
  maximum: 4_294_967_295,
  description: 'flash counter, +1 at each boot',
})
const Sequence = Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: '(lock, b, q) names a record' })
export const Uptime = Type.Integer({ ...counter, description: 'ms since boot, when the record was made' })
const LockClock = Type.Integer({
  minimum: 0,
  maximum: 4_102_444_800_000,
  description: 'unix ms by the lock; 0 = unset',
})
const ClockQuality = Type.Integer({ minimum: 0, maximum: 3, description: '0 unset, 1 RTC, 2 network, 3 GNSS' })
export const CommandIdText = Type.String({ minLength: 1, maxLength: 36 })

const stamp = { q: Sequence, u: Uptime, t: LockClock, tq: ClockQuality }
const header = {
  v: Type.Literal(protocolVersion),
  b: BootId,
  ...stamp,
  bf: Type.Optional(Type.Integer({ minimum: 0, maximum: 1, description: '1 = replayed from the outbox' })),
}

export const BoltState = Type.Union([
  Type.Literal('locked'),
  Type.Literal('unlocking'),
  Type.Literal('unlocked'),
  Type.Literal('locking'),
  Type.Literal('jam_open'),
  Type.Literal('jam_close'),
  Type.Literal('unknown'),
])
export type BoltState = Type.Static<typeof BoltState>

/** Position fields, all optional: a record without a fix is still a record. */
const fix = {
  la: Type.Optional(Latitude),
  lo: Type.Optional(Longitude),
  ha: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'horizontal accuracy, m, 1 sigma' })),
  fx: Type.Optional(Type.Integer({ minimum: 0, maximum: 3, description: '0 none, 2 = 2D, 3 = 3D' })),
  sv: Type.Optional(Type.Integer({ minimum: 0, maximum: 64, description: 'satellites used' })),
  sp: Type.Optional(Type.Number({ minimum: 0, maximum: 60, description: 'speed, m/s' })),
  hd: Type.Optional(Type.Number({ minimum: 0, maximum: 360, description: 'heading, degrees from north' })),
  fa: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800_000, description: 'age of the fix, ms' })),
}
/** How the lock spends its battery. `ship`: in the box, radio off, until it is switched on. */
export const PowerMode = Type.Union([
  Type.Literal('ship'),
  Type.Literal('parked'),
  Type.Literal('awake'),
  Type.Literal('riding'),
  Type.Literal('alarm'),
  Type.Literal('low'),
  Type.Literal('crit'),
])
export type PowerMode = Type.Static<typeof PowerMode>
/** Radio technology: LTE-M, or GPRS where there is no LTE-M. */
export const RadioTechnology = Type.Union([Type.Literal('ltem'), Type.Literal('gprs')])
export type RadioTechnology = Type.Static<typeof RadioTechnology>
const SignalStrength = Type.Integer({ minimum: -150, maximum: 0, description: 'signal strength, dBm' })
const MilliVolts = Type.Integer({ minimum: 0, maximum: 60_000, description: 'battery, mV' })
/** A part that this lock has: others are asked nothing of it. */
const Capability = Type.String({ pattern: '^[a-z0-9-]{1,16}$', description: 'lock, ble, cable, imu, solar, dynamo' })
export const ConfigVersion = Type.Integer({ minimum: 0, maximum: 4_294_967_295 })
const PassOrFail = Type.Integer({ minimum: 0, maximum: 1, description: '1 = fine' })

const StateOfCharge = Type.Integer({ minimum: 0, maximum: 100, description: 'battery, percent' })
const OwnTimeMs = Type.Integer({ minimum: 0, maximum: 3_600_000, description: 'time that the lock itself took, ms' })
const CommandStateCode = Type.Union([
  Type.Literal('acc'),
  Type.Literal('done'),
  Type.Literal('rej'),
  Type.Literal('fail'),
])
export const ResultCode = Type.Union([
  Type.Literal('ok'),
  Type.Literal('stale_boot'),
  Type.Literal('expired'),
  Type.Literal('replay'),
  Type.Literal('busy'),
  Type.Literal('batt'),
  Type.Literal('ota'),
  Type.Literal('moving'),
  Type.Literal('jam'),
  Type.Literal('interrupted'),
  /** A self-test found something broken. */
  Type.Literal('fault'),
  /** This hardware has no such part. */
  Type.Literal('unsupported'),
])
export type ResultCode = Type.Static<typeof ResultCode>
export const ResetReason = Type.Union([
  Type.Literal('power'),
  Type.Literal('brownout'),
  Type.Literal('watchdog'),
  Type.Literal('panic'),
  Type.Literal('ota'),
  Type.Literal('cmd'),
])
export type ResetReason = Type.Static<typeof ResetReason>

/** First message of every connection. */
export const Hello = Type.Object({
  ...header,
  sid: Type.String({ pattern: '^[0-9a-f]{16}$', description: '64-bit session nonce' }),
  fw: Type.String({ maxLength: 32 }),
  hw: Type.String({ maxLength: 32 }),
  rr: ResetReason,
  ctr: Type.Integer({ ...counter, description: 'last accepted command counter' }),
  res: Type.Array(Type.Object({ id: CommandIdText, st: CommandStateCode, rc: ResultCode, u: Uptime }), {
    maxItems: 8,
    description: 'results of the last commands, newest last',
  }),
  bolt: BoltState,
  soc: StateOfCharge,
  kv: Type.Integer({ minimum: 0, maximum: 255, description: 'key version' }),
  ob: Type.Optional(
    Type.Object({
      evt: Type.Integer({ minimum: 0, maximum: 100_000 }),
      tel: Type.Integer({ minimum: 0, maximum: 100_000 }),
    }),
  ),
  mode: Type.Optional(PowerMode),
  cfgv: Type.Optional({
    ...ConfigVersion,
    description: 'version of the configuration in use; 0 = factory',
  } as typeof ConfigVersion),
  cap: Type.Optional(Type.Array(Capability, { maxItems: 16 })),
  net: Type.Optional(Type.Object({ rat: RadioTechnology, rsrp: SignalStrength })),
})
export type Hello = Type.Static<typeof Hello>

/** `k: bolt`: the lock's own word of open and closed, which is a trip's start and end. */
export const BoltEvent = Type.Object({
  ...header,
  k: Type.Literal('bolt'),
  from: BoltState,
  to: BoltState,
  by: Type.Union([Type.Literal('cmd'), Type.Literal('ble'), Type.Literal('hand'), Type.Literal('force')]),
  cid: Type.Optional(CommandIdText),
  tok: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,48}$',
      description: 'what opened or closed it without coverage: a grant or a code',
    }),
  ),
  ...fix,
})
export type BoltEvent = Type.Static<typeof BoltEvent>

export const AlarmEvent = Type.Object({
  ...header,
  k: Type.Literal('alarm'),
  a: Type.Union([
    Type.Literal('move'),
    Type.Literal('fall'),
    Type.Literal('fall_end'),
    Type.Literal('tamper'),
    Type.Literal('tamper_end'),
    Type.Literal('forced'),
    Type.Literal('cable'),
    Type.Literal('cable_end'),
    Type.Literal('shake'),
    Type.Literal('temp'),
    Type.Literal('gnss_jam'),
    Type.Literal('gnss_jam_end'),
    Type.Literal('sim'),
  ]),
  g: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'strongest acceleration, mg' })),
  n: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'how often, since it was first told' })),
  dm: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 40_075_000,
      description: 'move: metres from where it stood; a chase has begun',
    }),
  ),
  ...fix,
})
export const PowerEvent = Type.Object({
  ...header,
  k: Type.Literal('power'),
  lv: Type.Union([Type.Literal('ok'), Type.Literal('low'), Type.Literal('crit'), Type.Literal('off')]),
  soc: StateOfCharge,
  mv: Type.Optional(MilliVolts),
})
export const BootEvent = Type.Object({
  ...header,
  k: Type.Literal('boot'),
  rr: ResetReason,
  pend: Type.Union([CommandIdText, Type.Null()], { description: 'command interrupted by the reset' }),
  up: Type.Optional(
    Type.Integer({ ...counter, description: 'ms that the boot before this one lasted, as far as flash knows' }),
  ),
})
/** `k: cfg`: what became of a configuration. `why` only when it was refused; the one in use stays in use. */
export const ConfigEvent = Type.Object({
  ...header,
  k: Type.Literal('cfg'),
  cv: ConfigVersion,
  ok: PassOrFail,
  why: Type.Optional(Type.Union([Type.Literal('mac'), Type.Literal('range'), Type.Literal('old')])),
})
/** `k: self`: the lock has looked at its own parts. */
export const SelfTestEvent = Type.Object({
  ...header,
  k: Type.Literal('self'),
  bolt: PassOrFail,
  gnss: PassOrFail,
  modem: PassOrFail,
  imu: PassOrFail,
  flash: PassOrFail,
  batt: PassOrFail,
})
export const LockEvent = Type.Union([BoltEvent, AlarmEvent, PowerEvent, BootEvent, ConfigEvent, SelfTestEvent])
export type LockEvent = Type.Static<typeof LockEvent>

export const TelemetryRecord = Type.Object({
  ...stamp,
  ...fix,
  soc: StateOfCharge,
  bolt: BoltState,
  mv: Type.Optional(MilliVolts),
  tc: Type.Optional(Type.Number({ minimum: -60, maximum: 120, description: 'temperature, °C' })),
  od: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'odometer, m' })),
  mode: Type.Optional(PowerMode),
  chg: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('dyn'), Type.Literal('sol')])),
  i: Type.Optional(
    Type.Integer({ minimum: -10_000, maximum: 10_000, description: 'battery current, mA; + is charging' }),
  ),
  rat: Type.Optional(RadioTechnology),
  rsrp: Type.Optional(SignalStrength),
})
export type TelemetryRecord = Type.Static<typeof TelemetryRecord>

export const Telemetry = Type.Object({
  v: Type.Literal(protocolVersion),
  b: BootId,
  bf: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
  r: Type.Array(TelemetryRecord, { minItems: 1, maxItems: maxTelemetryRecords }),
})
export type Telemetry = Type.Static<typeof Telemetry>

/** Records of a deflated batch, bytes when inflated: a small message must not become a large one. */
export const maxInflatedBytes = 65_536
/** A backlog batch, raw deflate (RFC 1951) of the JSON array that `r` would be, in base64. Also a `tel` message. */
export const DeflatedTelemetry = Type.Object({
  v: Type.Literal(protocolVersion),
  b: BootId,
  bf: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
  z: Type.Literal(1),
  d: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: maxPayloadBytes }),
})
export type DeflatedTelemetry = Type.Static<typeof DeflatedTelemetry>

export const Acknowledgement = Type.Object({
  ...header,
  id: CommandIdText,
  c: Type.Integer(counter),
  st: CommandStateCode,
  rc: ResultCode,
  bolt: BoltState,
  ms: Type.Optional(OwnTimeMs),
})
export type Acknowledgement = Type.Static<typeof Acknowledgement>

/** Birth (`on: 1`) and will (`on: 0`). A hint: a will may arrive after the next birth, hence the session id. */
export const Presence = Type.Object({
  v: Type.Literal(protocolVersion),
  on: Type.Integer({ minimum: 0, maximum: 1 }),
  sid: Type.String({ pattern: '^[0-9a-f]{16}$' }),
})
export type Presence = Type.Static<typeof Presence>
