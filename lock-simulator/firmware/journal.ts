import type { Operation } from '../../contracts/mqtt/commands.ts'
import type { BoltState, LockEvent, ResultCode, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import { freshMemory, type PhoneMemory } from './ble-memory.ts'
import { factoryConfig, type KeptConfig } from './config-store.ts'
import type { KeptGuard } from './guard-state.ts'
import type { PowerLevel } from './power-level.ts'
import type { TelemetryPage } from './telemetry-lane.ts'

/** Results kept for `hello.res` and for answering repeats. */
const maxResults = 8

export interface CommandResult {
  readonly id: string
  readonly c: number
  readonly st: 'done' | 'rej' | 'fail'
  readonly rc: ResultCode
  readonly u: number
}

export interface PendingCommand {
  readonly id: string
  readonly c: number
  readonly op: Operation
}

/** What must survive a reset, in one record, so that one write changes all of it or nothing. */
export interface JournalRecord {
  /** +1 with each write: of two readable slots the higher one counts, and the other is overwritten next. */
  readonly n: number
  readonly bootId: number
  readonly counter: number
  /** Accepted, and not ended when this was written: found at boot, it was interrupted. */
  readonly pending: PendingCommand | null
  /** Newest last. */
  readonly results: readonly CommandResult[]
  readonly bolt: BoltState
  readonly config: KeptConfig
  /** Missing: as it left the factory. */
  readonly power?: KeptPower
  /** Missing: no alarm is left to be ended. */
  readonly guard?: KeptGuard
  readonly phone: PhoneMemory
}

/** Non-volatile memory as it is read at boot. A cell whose write was torn reads as null (bad checksum). */
export interface Nvm {
  readonly slots: readonly [JournalRecord | null, JournalRecord | null]
  /** Events that were never acknowledged, in the order in which they were made. */
  readonly events: readonly (LockEvent | null)[]
  /** Telemetry that waited, in no order. */
  readonly pages?: readonly (TelemetryPage | null)[]
}

export type NvmWrite =
  | { readonly cell: 'journal'; readonly slot: 0 | 1; readonly record: JournalRecord }
  | { readonly cell: 'event'; readonly event: LockEvent }
  | { readonly cell: 'erase-event'; readonly b: number; readonly q: number }
  /** One more record into a page: the page is as long as it was, or spoilt. */
  | {
      readonly cell: 'record'
      readonly n: number
      readonly order: number
      readonly b: number
      readonly record: TelemetryRecord
    }
  | { readonly cell: 'page'; readonly page: TelemetryPage }
  | { readonly cell: 'erase-page'; readonly n: number }
  /** Every cell that cannot be read. */
  | { readonly cell: 'erase-spoilt' }

/** What the power machine and the meters must know at the next boot. */
export interface KeptPower {
  /** The last that was told. */
  readonly level: PowerLevel
  /** Still in the box. */
  readonly isShipped: boolean
  readonly odometerM: number
  /** Uptime when this was written: the boot lasted at least so long. Null: this lock has never run. */
  readonly upMs: number | null
}

export const factoryPower: KeptPower = { level: 'ok', isShipped: false, odometerM: 0, upMs: null }

const maxBootId = 4_294_967_295

const blankRecord: JournalRecord = {
  ...{ n: 0, bootId: 0, counter: 0, pending: null, results: [], bolt: 'unknown' },
  config: factoryConfig,
  phone: freshMemory,
}

/**
 * A lock as it leaves the factory, where its bolt was tested. The high 8 bits of the boot id are random: a wiped
 * counter cannot repeat old boot ids.
 */
export const factoryNvm = (randomByte: number, bolt: BoltState, power: KeptPower = factoryPower): Nvm => ({
  slots: [{ ...blankRecord, bootId: (randomByte & 0xff) * 2 ** 24, bolt, power }, null],
  events: [],
})

/** The newest readable record; a blank one when both slots are unreadable. */
export function newestRecord({ slots: [first, second] }: Nvm): JournalRecord {
  if (first && second) return first.n >= second.n ? first : second
  return first ?? second ?? blankRecord
}

export const nextBootId = (bootId: number): number => (bootId >= maxBootId ? 0 : bootId + 1)

/** The write that replaces the older slot, never the newest: a torn write leaves the last truth readable. */
export const journalWrite = (record: JournalRecord): NvmWrite => ({
  cell: 'journal',
  slot: record.n % 2 === 0 ? 0 : 1,
  record,
})

export const remembered = (results: readonly CommandResult[], result: CommandResult): readonly CommandResult[] =>
  [...results, result].slice(-maxResults)
