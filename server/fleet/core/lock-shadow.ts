import type {
  Acknowledgement,
  BoltState,
  Hello,
  LockEvent,
  PowerMode,
  RadioTechnology,
  Telemetry,
  TelemetryRecord,
} from '../../../contracts/mqtt/reports.ts'
import {
  type EpochMs,
  earliestPlausibleMs,
  epochMs,
  type Position,
  type UptimeMs,
  uptimeMs,
} from '../../../contracts/units.ts'

/** One sign of life: the lock's own uptime in a message and when that message came in. */
export interface Stamp {
  readonly uptimeMs: UptimeMs
  readonly receivedAtMs: EpochMs
}

export interface ShadowPosition extends Position {
  readonly accuracyM: number | null
  readonly headingDeg: number | null
  readonly speedMps: number | null
  readonly bootId: number
  readonly uptimeMs: number
}

/** What a lock made of a configuration that it did not take. */
export interface ConfigRefusal extends Made {
  readonly version: number
  readonly why: 'mac' | 'range' | 'old'
}

/** When a record was made, in the lock's own count: within a boot a lower uptime is older, however late it comes. */
interface Made {
  readonly bootId: number
  readonly uptimeMs: number
  readonly atMs: EpochMs
}

/** What a lock found when it looked at its own parts; true: well. */
export interface SelfTest extends Made {
  readonly bolt: boolean
  readonly gnss: boolean
  readonly modem: boolean
  readonly imu: boolean
  readonly flash: boolean
  readonly batt: boolean
}

/** What a lock tells of itself beside bolt, charge and place; null is what it has not said yet. */
export interface ToldOfItself {
  readonly mode: PowerMode | null
  readonly parts: readonly string[] | null
  readonly network: { readonly technology: RadioTechnology; readonly dbm: number | null } | null
  readonly milliVolts: number | null
  readonly charging: 'none' | 'dyn' | 'sol' | null
  readonly configVersion: number | null
  readonly configRefusal: ConfigRefusal | null
  readonly selfTest: SelfTest | null
}

/** What we believe of a lock. Only its own words change it; null is what it has not said yet. */
export interface LockShadow {
  readonly bootId: number | null
  /** The newest of this boot, oldest first. */
  readonly stamps: readonly Stamp[]
  /** Uptime of the record that `bolt` and `soc` come from: an older record, replayed, does not change them. */
  readonly stateUptimeMs: number
  readonly bolt: BoltState | null
  readonly soc: number | null
  readonly position: ShadowPosition | null
  readonly firmware: string | null
  readonly keyVersion: number | null
  readonly lastHeardAtMs: EpochMs | null
  readonly sessionId: string | null
  /** By birth and will: a hint, never a gate. */
  readonly connected: boolean
  /** The last command counter that the lock accepted, by its hello. */
  readonly lastCounter: number | null
  readonly told: ToldOfItself
  /** How often it speaks when it is parked and well, by the settings that are wanted of it; never less than usual. */
  readonly parkedHeartbeatMs: number
}

/** A parked lock speaks at least this often, city time, when nobody set anything else. */
export const usualHeartbeatMs = 300_000

export const untold: ToldOfItself = {
  ...{ mode: null, parts: null, network: null, milliVolts: null, charging: null },
  ...{ configVersion: null, configRefusal: null, selfTest: null },
}

export const unheardLock: LockShadow = {
  bootId: null,
  stamps: [],
  stateUptimeMs: -1,
  bolt: null,
  soc: null,
  position: null,
  firmware: null,
  keyVersion: null,
  lastHeardAtMs: null,
  sessionId: null,
  connected: false,
  lastCounter: null,
  told: untold,
  parkedHeartbeatMs: usualHeartbeatMs,
}

/** A decoded message of a lock. */
export type LockWord =
  | { readonly kind: 'hello'; readonly body: Hello }
  | { readonly kind: 'evt'; readonly body: LockEvent }
  | { readonly kind: 'ack'; readonly body: Acknowledgement }
  | { readonly kind: 'tel'; readonly body: Telemetry }

/** Stamps kept of a boot: enough that one of them travelled fast (lock-protocol.md, 2.4). */
export const keptStamps = 8
/** Twice what two oscillators of ±100 ppm can drift: a deadline errs towards early. */
export const driftPpm = 200
/** So many heartbeats without a word, and the boot that we know may be over. */
const freshHeartbeats = 3
/** However seldom it speaks: beyond this the drift of two oscillators eats too much of a command's fifteen seconds. */
const longestFreshMs = 7_200_000
/** Heartbeats without a word, and it is not to be reckoned with. */
export const silentHeartbeats = 4
/** City time between two words of a lock whose power is low, or critical (lock-protocol.md, 2.3). */
const lowHeartbeatMs = 1_800_000
const criticalHeartbeatMs = 86_400_000

/** The shadow after a message. Repeats, replays and words of an earlier boot leave no wrong trace. */
export function heard(shadow: LockShadow, word: LockWord, receivedAtMs: EpochMs): LockShadow {
  const alive: LockShadow = { ...shadow, lastHeardAtMs: later(shadow.lastHeardAtMs, receivedAtMs) }
  const bootId = word.body.b
  if (shadow.bootId !== bootId && !isNewerBoot(shadow.bootId, bootId, word.kind === 'hello')) return alive
  const sameBoot =
    shadow.bootId === bootId ? alive : { ...alive, bootId, stamps: [], stateUptimeMs: -1, lastCounter: null }
  return said(stamped(sameBoot, { uptimeMs: uptimeMs(newestUptime(word)), receivedAtMs }), word)
}

/** The shadow after a birth (`on`) or a will. A will of a session that is not the current one is an old story. */
export function present(shadow: LockShadow, on: boolean, sessionId: string): LockShadow {
  if (on) return { ...shadow, connected: true, sessionId }
  return shadow.sessionId === sessionId ? { ...shadow, connected: false } : shadow
}

/** What outlives a restart of the platform: a command needs a fresh stamp, and nobody is connected yet. */
export function remembered(shadow: LockShadow): LockShadow {
  const { stamps, sessionId, connected, lastCounter } = unheardLock
  return { ...shadow, stamps, sessionId, connected, lastCounter }
}

/** The shadow of a bike that people have put down somewhere: any fix that its lock tells from now on is newer. */
export function putDown(shadow: LockShadow, place: Position, accuracyM: number): LockShadow {
  const { lon, lat } = place
  const unknown = { headingDeg: shadow.position?.headingDeg ?? null, speedMps: null, bootId: -1, uptimeMs: -1 }
  return { ...shadow, position: { lon, lat, accuracyM, ...unknown } }
}

/**
 * A moment of city time in the lock's own uptime, never later than that moment: a message was made no later than it
 * came in, so each stamp gives a lower bound of the lock's uptime then, and the greatest of them (the message that
 * travelled fastest) is the closest. The drift is counted up to `expMs` itself, not only up to now, so that the bound
 * also holds for the life of the command. Null when no stamp of this boot is known.
 */
export function deadlineInUptime(shadow: LockShadow, expMs: EpochMs, nowMs: EpochMs): UptimeMs | null {
  if (shadow.bootId === null || shadow.stamps.length === 0) return null
  const bounds = shadow.stamps.map((stamp) => {
    const driftingMs = Math.max(0, nowMs - stamp.receivedAtMs, expMs - stamp.receivedAtMs)
    return stamp.uptimeMs + (expMs - stamp.receivedAtMs) - (driftingMs * driftPpm) / 1_000_000
  })
  return uptimeMs(Math.max(0, Math.floor(Math.max(...bounds))))
}

/** City time between two words of a lock in the mode that it told. */
export function heartbeatOf({ told, parkedHeartbeatMs }: Pick<LockShadow, 'told' | 'parkedHeartbeatMs'>): number {
  if (told.mode === 'low') return Math.max(lowHeartbeatMs, parkedHeartbeatMs)
  return told.mode === 'crit' || told.mode === 'ship' ? criticalHeartbeatMs : parkedHeartbeatMs
}

/** So long without a word, city time, and nobody should count on this lock. */
export const silentAfterOf = (shadow: Pick<LockShadow, 'told' | 'parkedHeartbeatMs'>): number =>
  silentHeartbeats * heartbeatOf(shadow)

/**
 * Whether the boot that we know is surely enough still running to send it a command. A lock whose power is low restarts
 * more often than it speaks: it is not believed longer than a healthy one, and so is asked for a sign of life first.
 */
export function isFresh(shadow: LockShadow, nowMs: EpochMs): boolean {
  const newest = shadow.stamps.at(-1)
  const believedMs = Math.min(freshHeartbeats * shadow.parkedHeartbeatMs, longestFreshMs)
  return newest !== undefined && nowMs - newest.receivedAtMs <= believedMs
}

/**
 * Boot ids count up within one factory reset, whose 8 random bits are the highest. After another reset any number may
 * come, and only a hello, the first message of a connection, is believed.
 */
function isNewerBoot(known: number | null, bootId: number, isHello: boolean): boolean {
  if (known === null) return true
  return known >>> 24 === bootId >>> 24 ? bootId > known : isHello
}

function stamped(shadow: LockShadow, stamp: Stamp): LockShadow {
  return { ...shadow, stamps: [...shadow.stamps, stamp].slice(-keptStamps) }
}

/** The latest moment that a message tells of, in the lock's own uptime. */
export function newestUptime(word: LockWord): number {
  return word.kind === 'tel' ? Math.max(...word.body.r.map((record) => record.u)) : word.body.u
}

function said(shadow: LockShadow, word: LockWord): LockShadow {
  switch (word.kind) {
    case 'hello': {
      const { fw, kv, sid, ctr, bolt, soc, u, mode, cap, net, cfgv } = word.body
      const greeted = {
        ...shadow,
        firmware: fw,
        keyVersion: kv,
        sessionId: sid,
        connected: true,
        lastCounter: Math.max(shadow.lastCounter ?? 0, ctr),
      }
      // An old greeting that comes again must not undo what was said since.
      if (u < shadow.stateUptimeMs) return greeted
      const told: ToldOfItself = {
        ...shadow.told,
        mode: mode ?? shadow.told.mode,
        parts: cap ?? shadow.told.parts,
        network: net === undefined ? shadow.told.network : { technology: net.rat, dbm: net.rsrp },
        configVersion: cfgv ?? shadow.told.configVersion,
      }
      return withState({ ...greeted, told }, u, bolt, soc)
    }
    case 'ack':
      return withState(shadow, word.body.u, word.body.bolt, null)
    case 'tel':
      return word.body.r.reduce(
        (soFar, record) =>
          withFix(withState(withHealth(soFar, record), record.u, record.bolt, record.soc), word.body.b, record),
        shadow,
      )
    case 'evt': {
      const event = word.body
      switch (event.k) {
        case 'bolt':
          return withFix(withState(shadow, event.u, event.to, null), event.b, event)
        case 'alarm':
          return withFix(shadow, event.b, event)
        case 'power':
          return withState(shadow, event.u, null, event.soc)
        case 'boot':
          return shadow
        case 'cfg':
          return withConfig(shadow, event)
        case 'self':
          return withSelfTest(shadow, event)
      }
    }
  }
}

function withState(shadow: LockShadow, uptime: number, bolt: BoltState | null, soc: number | null): LockShadow {
  if (uptime < shadow.stateUptimeMs) return shadow
  return { ...shadow, stateUptimeMs: uptime, bolt: bolt ?? shadow.bolt, soc: soc ?? shadow.soc }
}

/** What a record tells of the lock's own health; an older one, replayed, tells of then. */
function withHealth(shadow: LockShadow, record: TelemetryRecord): LockShadow {
  if (record.u < shadow.stateUptimeMs) return shadow
  const { mode, mv, chg, rat, rsrp } = record
  const { told } = shadow
  const isSame = mode === undefined && mv === undefined && chg === undefined && rat === undefined
  if (isSame) return shadow
  const health = {
    mode: mode ?? told.mode,
    milliVolts: mv ?? told.milliVolts,
    charging: chg ?? told.charging,
    network: rat === undefined ? told.network : { technology: rat, dbm: rsrp ?? null },
  }
  return { ...shadow, told: { ...told, ...health } }
}

/** Within a boot the version in use only rises; a lock whose flash was wiped says what it has in its hello. */
function withConfig(shadow: LockShadow, event: ConfigEvent): LockShadow {
  const { told } = shadow
  const isOld = isOlder(event, told.configRefusal)
  if (event.ok === 1) {
    return {
      ...shadow,
      told: {
        ...told,
        configVersion: Math.max(told.configVersion ?? 0, event.cv),
        configRefusal: isOld ? told.configRefusal : null,
      },
    }
  }
  if (isOld) return shadow
  const configRefusal = { version: event.cv, why: event.why ?? 'range', ...madeAt(shadow, event) } as const
  return { ...shadow, told: { ...told, configRefusal } }
}

function withSelfTest(shadow: LockShadow, event: SelfTestEvent): LockShadow {
  const { told } = shadow
  if (isOlder(event, told.selfTest)) return shadow
  const { bolt, gnss, modem, imu, flash, batt } = event
  const isWell = (bit: number) => bit === 1
  const selfTest = {
    ...{ bolt: isWell(bolt), gnss: isWell(gnss), modem: isWell(modem) },
    ...{ imu: isWell(imu), flash: isWell(flash), batt: isWell(batt) },
    ...madeAt(shadow, event),
  }
  return { ...shadow, told: { ...told, selfTest } }
}

/** Told late, out of the outbox, after something that was made later in the same boot. */
const isOlder = ({ b, u }: ConfigEvent | SelfTestEvent, known: Made | null): boolean =>
  known !== null && known.bootId === b && u < known.uptimeMs

/** By the message of this boot that travelled fastest: no later than it came in. */
function madeAt({ stamps }: LockShadow, { b, u }: ConfigEvent | SelfTestEvent): Made {
  const zeroMs = Math.min(...stamps.map((stamp) => stamp.receivedAtMs - stamp.uptimeMs))
  return { bootId: b, uptimeMs: u, atMs: epochMs(Math.max(earliestPlausibleMs, zeroMs + u)) }
}

type ConfigEvent = Extract<LockEvent, { k: 'cfg' }>
type SelfTestEvent = Extract<LockEvent, { k: 'self' }>

interface Fix {
  readonly u: number
  readonly la?: number
  readonly lo?: number
  readonly ha?: number
  readonly hd?: number
  readonly sp?: number
}

function withFix(shadow: LockShadow, bootId: number, fix: Fix): LockShadow {
  if (fix.la === undefined || fix.lo === undefined) return shadow
  const known = shadow.position
  if (known !== null && known.bootId === bootId && fix.u < known.uptimeMs) return shadow
  const position: ShadowPosition = {
    lon: fix.lo,
    lat: fix.la,
    accuracyM: fix.ha ?? null,
    headingDeg: fix.hd ?? known?.headingDeg ?? null,
    speedMps: fix.sp ?? null,
    bootId,
    uptimeMs: fix.u,
  }
  return { ...shadow, position }
}

const later = (a: EpochMs | null, b: EpochMs): EpochMs => (a !== null && a > b ? a : b)
