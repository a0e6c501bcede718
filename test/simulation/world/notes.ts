import { createHash } from 'node:crypto'
import type { LockId } from '../../../contracts/ids.ts'
import type { UplinkKind } from '../../../contracts/mqtt/topics.ts'
import type { BoltPosition } from '../../../lock-simulator/body/bolt-mechanics.ts'
import type { Actuation } from '../../../lock-simulator/body/lock.ts'
import type { MoneyMove } from '../../../payment-sandbox/core/records.ts'

/** A record that the server said is stored: (lock, boot, sequence) names it. */
export interface RecordName {
  readonly lockId: LockId
  readonly kind: UplinkKind
  readonly b: number
  readonly q: number
}

/** What was seen from outside while the world ran: by nobody inside it, and believed over what anybody says. */
export interface Notes {
  readonly actuations: (Actuation & { readonly lockId: LockId })[]
  /** `cityMs`: the same moment as the server tells it. */
  readonly boltMoves: {
    readonly lockId: LockId
    readonly to: BoltPosition
    readonly atMs: number
    readonly cityMs: number
  }[]
  /** The server's time has been another than the true one. */
  isCityTimeOff: boolean
  /** The server's time has been behind the true one by so much at most: what it was down for after its clock was set back. */
  cityBehindMs: number
  /** And ahead of it by so much at most: its clock was set forward, and it was started again. */
  cityAheadMs: number
  /** Trips that the rider or somebody at the desk has ended. */
  readonly endedByHand: Set<string>
  /** Events that a lock has published at least once; each is in its flash by then. */
  readonly published: Map<string, RecordName & { readonly madeAtMs: number }>
  readonly acknowledged: Map<string, RecordName>
  /** Of these, what no checker has looked for yet. */
  readonly unlooked: Map<string, RecordName>
  /** Locks whose bolt was told of by a stuck or loose switch. */
  readonly badSwitches: Set<string>
  /** Boots in which a cell became critical while the chip ran. */
  readonly critical: Map<LockId, Set<number>>
  /** Grants that a phone has got, by the token that their opening is told by: good in this boot, until this uptime. */
  readonly grants: Map<string, { readonly b: number; readonly untilUptimeMs: number }>
  readonly moves: MoneyMove[]
  /** Sentences about something that must never happen, found while it ran. */
  readonly found: Violation[]
  count(what: string): void
  counts(): Readonly<Record<string, number>>
  /** One line of the story; its hash tells two runs apart. */
  trace(line: string): void
  hash(): string
}

export interface Violation {
  readonly invariant: string
  readonly detail: string
}

export const nameOf = ({ lockId, b, q }: Pick<RecordName, 'lockId' | 'b' | 'q'>): string => `${lockId}/${b}/${q}`

export function createNotes(onLine: (line: string) => void): Notes {
  const hash = createHash('sha256')
  const counted: Record<string, number> = {}
  return {
    actuations: [],
    boltMoves: [],
    isCityTimeOff: false,
    cityBehindMs: 0,
    cityAheadMs: 0,
    endedByHand: new Set(),
    published: new Map(),
    acknowledged: new Map(),
    unlooked: new Map(),
    badSwitches: new Set(),
    critical: new Map(),
    grants: new Map(),
    moves: [],
    found: [],
    count: (what) => {
      counted[what] = (counted[what] ?? 0) + 1
    },
    counts: () => counted,
    trace: (line) => {
      hash.update(`${line}\n`)
      onLine(line)
    },
    hash: () => hash.copy().digest('hex'),
  }
}
