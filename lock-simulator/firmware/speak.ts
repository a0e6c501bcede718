import { type LockEvent, protocolVersion, type ResultCode } from '../../contracts/mqtt/reports.ts'
import { endCommand, type Verdict } from './command-gate.ts'
import { journalWrite } from './journal.ts'
import { stampRecord } from './lock-clock.ts'
import type { LockEffect } from './lock-io.ts'
import { journalRecord, type LockState } from './lock-state.ts'
import { toldPercent } from './power-level.ts'
import { reported } from './power-machine.ts'
import { addAck, addEvent, addTelemetry, pump, takeWrites } from './report-queue.ts'
import { telemetryRecord } from './telemetry.ts'

/** A telemetry record now; the next heartbeat counts from it. `isAsked`: somebody wants to know where it is. */
export function report(state: LockState, uptimeMs: number, isAsked = state.isAskedWhere): void {
  const { battery, meters, fix, power } = state
  const { mode, level } = power
  state.power = reported(power, uptimeMs)
  state.betterFixUntilMs = null
  state.isAskedWhere = false
  const isOnTheWay = mode === 'riding' || mode === 'alarm' || mode === 'awake'
  // A bike that stands says where it stands when that is news: half of its bytes.
  const isPlaceNews = isAsked || isOnTheWay || fix?.atMs !== meters.toldFixAtMs
  const place = isPlaceNews ? fix : null
  if (place) meters.toldFixAtMs = place.atMs
  const percent = toldPercent(level, battery.percent)
  const reading = { bolt: state.bolt.phase.kind, mode, percent, battery, meters, place }
  addTelemetry(state.queue, { ...telemetryRecord(stamp(state, uptimeMs), reading), ...state.network })
}

export function stamp(state: LockState, uptimeMs: number) {
  return stampRecord(state.clock, state.nextQ++, uptimeMs)
}

function headerOf(state: LockState, uptimeMs: number) {
  return { v: protocolVersion, b: state.gate.bootId, ...stamp(state, uptimeMs) } as const
}

/** Of the planted bug. */
const plantedLaneSize = 6

/** An event: into flash first, then to the queue. */
export function record(
  state: LockState,
  uptimeMs: number,
  out: LockEffect[],
  make: (header: ReturnType<typeof headerOf>) => LockEvent,
): LockEvent {
  const event = make(headerOf(state, uptimeMs))
  if (state.options.telemetryFirst) addEvent(state.queue, event, plantedLaneSize)
  else addEvent(state.queue, event)
  remember(state, out)
  return event
}

/** Before anything else is said or done. */
function remember(state: LockState, out: LockEffect[]): void {
  for (const write of takeWrites(state.queue)) out.push({ kind: 'nvm-write', write })
}

export function acknowledge(
  state: LockState,
  { id, c, st, rc }: Pick<Extract<Verdict, { kind: 'answer' }>, 'id' | 'c' | 'st' | 'rc'>,
  ms: number,
  uptimeMs: number,
): void {
  addAck(state.queue, { ...headerOf(state, uptimeMs), id, c, st, rc, bolt: state.bolt.phase.kind, ms })
}

export function persist(state: LockState, out: LockEffect[]): void {
  const next = journalRecord(state)
  state.journalN = next.n
  out.push({ kind: 'nvm-write', write: journalWrite(next) })
}

export function send(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  remember(state, out)
  for (const publication of pump(state.queue, uptimeMs)) out.push({ kind: 'publish', ...publication })
}

/** The pending command is over: into flash first, then to the server. */
export function conclude(state: LockState, rc: ResultCode, uptimeMs: number, out: LockEffect[]): void {
  const ended = state.gate.pending
  if (ended === null) return
  const st = rc === 'ok' ? 'done' : 'fail'
  state.gate = endCommand(state.gate, st, rc, uptimeMs)
  persist(state, out)
  acknowledge(state, { id: ended.id, c: ended.c, st, rc }, uptimeMs - ended.receivedAtMs, uptimeMs)
}
