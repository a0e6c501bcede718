import type { Acknowledgement, BoltState, Hello, LockEvent, Telemetry } from '../../../contracts/mqtt/reports.ts'
import { type EpochMs, type Position, type UptimeMs, uptimeMs } from '../../../contracts/units.ts'

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
/** A parked lock speaks at least this often, city time. */
const heartbeatMs = 300_000
/** So many heartbeats without a word, and the boot that we know may be over. */
const freshHeartbeats = 3

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

/** Whether the boot that we know is surely enough still running to send it a command. */
export function isFresh(shadow: LockShadow, nowMs: EpochMs, heartbeat: number = heartbeatMs): boolean {
  const newest = shadow.stamps.at(-1)
  return newest !== undefined && nowMs - newest.receivedAtMs <= freshHeartbeats * heartbeat
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

function newestUptime(word: LockWord): number {
  return word.kind === 'tel' ? Math.max(...word.body.r.map((record) => record.u)) : word.body.u
}

function said(shadow: LockShadow, word: LockWord): LockShadow {
  switch (word.kind) {
    case 'hello': {
      const { fw, kv, sid, ctr, bolt, soc, u } = word.body
      const greeted = {
        ...shadow,
        firmware: fw,
        keyVersion: kv,
        sessionId: sid,
        connected: true,
        lastCounter: Math.max(shadow.lastCounter ?? 0, ctr),
      }
      return withState(greeted, u, bolt, soc)
    }
    case 'ack':
      return withState(shadow, word.body.u, word.body.bolt, null)
    case 'tel':
      return word.body.r.reduce(
        (soFar, record) => withFix(withState(soFar, record.u, record.bolt, record.soc), word.body.b, record),
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
        case 'cfg':
        case 'self':
          return shadow
      }
    }
  }
}

function withState(shadow: LockShadow, uptime: number, bolt: BoltState | null, soc: number | null): LockShadow {
  if (uptime < shadow.stateUptimeMs) return shadow
  return { ...shadow, stateUptimeMs: uptime, bolt: bolt ?? shadow.bolt, soc: soc ?? shadow.soc }
}

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
