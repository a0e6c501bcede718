import { decodeSync } from '../../contracts/mqtt/codec.ts'
import { type LockEvent, protocolVersion } from '../../contracts/mqtt/reports.ts'
import type { Step } from '../../contracts/step.ts'
import { type BoltInput, type BoltOutput, boltWakeAtMs, stepBolt } from './bolt-machine.ts'
import { endCommand, judgeCommand, type Verdict } from './command-gate.ts'
import { helloOf } from './hello.ts'
import { journalWrite } from './journal.ts'
import { heardSatelliteTime, heardServerTime, stampRecord } from './lock-clock.ts'
import type { LockEffect, LockInput } from './lock-io.ts'
import { journalRecord, type LockState, wipeRam } from './lock-state.ts'
import { nextPowerLevel } from './power-level.ts'
import {
  addAck,
  addEvent,
  addTelemetry,
  goOffline,
  goOnline,
  isPubackLate,
  onPuback,
  pump,
  queueWakeAtMs,
} from './report-queue.ts'
import { betterFixWaitMs, goodFixM, heartbeatMs, positionFields, telemetryRecord } from './telemetry.ts'

/** Time for the last acknowledgements to leave before a commanded reset. */
const rebootDelayMs = 2_000
/** A speed older than this says nothing about now. */
const maxSpeedAgeMs = 10_000

type LockStep = Step<LockState, LockEffect>

/**
 * The firmware. Total, never throws, deterministic: the same state, input and uptime give the same effects. The state
 * is changed in place and returned, because a process runs thousands of locks; effects are to be carried out in order,
 * and a reset may come between any two of them.
 */
export function stepLock(state: LockState, input: LockInput, uptimeMs: number): LockStep {
  const out: LockEffect[] = []
  if (input.kind === 'power-on') powerOn(state, input, uptimeMs, out)
  else if (state.isOn) react(state, input, uptimeMs, out)
  else return { state, effects: out }
  send(state, uptimeMs, out)
  askForWake(state, uptimeMs, out)
  return { state, effects: out }
}

type RunningInput = Exclude<LockInput, { kind: 'power-on' }>

function react(state: LockState, input: RunningInput, uptimeMs: number, out: LockEffect[]): void {
  switch (input.kind) {
    case 'connected':
      greet(state, input.sid, uptimeMs)
      break
    case 'disconnected':
      goOffline(state.queue)
      break
    case 'message':
      onMessage(state, input, uptimeMs, out)
      break
    case 'puback': {
      const event = onPuback(state.queue, input.ref)
      if (event) out.push({ kind: 'nvm-write', write: { cell: 'erase-event', b: event.b, q: event.q } })
      break
    }
    case 'switches':
      turnBolt(state, { kind: 'switches', switches: input.switches }, uptimeMs, out)
      break
    case 'fix':
      onFix(state, input, uptimeMs)
      break
    case 'battery':
      onBattery(state, input, uptimeMs, out)
      break
    case 'puback-timeout':
      state.pubackTimeoutMs = input.pubackTimeoutMs
      break
    case 'tick':
      onTick(state, uptimeMs, out)
      break
  }
}

function powerOn(
  state: LockState,
  { bootReason, nvm }: Extract<LockInput, { kind: 'power-on' }>,
  uptimeMs: number,
  out: LockEffect[],
): void {
  wipeRam(state, bootReason, nvm)
  // The new boot id is in flash before anything can be heard or said under it.
  persist(state, out)
  state.heartbeatAtMs = uptimeMs + heartbeatMs(state.bolt.phase.kind)
  record(state, uptimeMs, out, (header) => ({
    ...header,
    k: 'boot',
    rr: bootReason,
    pend: state.interrupted?.id ?? null,
  }))
}

function greet(state: LockState, sid: string, uptimeMs: number): void {
  goOffline(state.queue)
  const hello = helloOf(state, sid, stamp(state, uptimeMs))
  goOnline(state.queue, hello, { v: protocolVersion, on: 1, sid })
  report(state, uptimeMs)
}

function onMessage(
  state: LockState,
  { channel, payload }: Extract<LockInput, { kind: 'message' }>,
  uptimeMs: number,
  out: LockEffect[],
): void {
  if (channel === 'cmd') onCommand(state, payload, uptimeMs, out)
  const sync = channel === 'sync' ? decodeSync(payload) : null
  if (!sync?.ok) return
  state.clock = heardServerTime(state.clock, sync.value.st, uptimeMs)
  const spreadS = sync.value.adv?.spread_s
  if (spreadS !== undefined) out.push({ kind: 'reconnect-spread', seconds: spreadS })
  if (sync.value.req === 1) report(state, uptimeMs)
}

function onCommand(state: LockState, payload: Uint8Array, uptimeMs: number, out: LockEffect[]): void {
  const known = state.fix
  const condition = {
    isBoltMoving: state.bolt.phase.kind === 'unlocking' || state.bolt.phase.kind === 'locking',
    statePercent: state.battery.percent,
    speedMps: known && uptimeMs - known.atMs <= maxSpeedAgeMs ? known.fix.speedMps : 0,
  }
  const { gate, verdict } = judgeCommand(state.gate, payload, condition, uptimeMs)
  state.gate = gate
  switch (verdict.kind) {
    case 'silent':
      break
    case 'answer':
      if (verdict.mustPersist) persist(state, out)
      acknowledge(state, verdict, 0, uptimeMs)
      break
    case 'execute': {
      const { id, c, op } = verdict.command
      persist(state, out)
      acknowledge(state, { id, c, st: 'acc', rc: 'ok' }, 0, uptimeMs)
      // The acceptance leaves before the motor moves.
      send(state, uptimeMs, out)
      execute(state, op, uptimeMs, out)
    }
  }
}

function execute(
  state: LockState,
  op: Extract<Verdict, { kind: 'execute' }>['command']['op'],
  uptimeMs: number,
  out: LockEffect[],
): void {
  switch (op) {
    case 'unlock':
      turnBolt(state, { kind: 'unlock' }, uptimeMs, out)
      break
    case 'beep':
      out.push({ kind: 'beep' })
      conclude(state, 'done', uptimeMs, out)
      break
    case 'locate':
      out.push({ kind: 'locate' })
      state.betterFixUntilMs = uptimeMs + betterFixWaitMs
      state.isAskedWhere = true
      conclude(state, 'done', uptimeMs, out)
      break
    case 'reboot':
      // Ends with the boot that follows: its hello tells so.
      state.rebootAtMs = uptimeMs + rebootDelayMs
      break
  }
}

/** The pending command is over: into flash first, then to the server. */
function conclude(state: LockState, st: 'done' | 'fail', uptimeMs: number, out: LockEffect[]): void {
  const ended = state.gate.pending
  if (ended === null) return
  const rc = st === 'done' ? 'ok' : 'jam'
  state.gate = endCommand(state.gate, st, rc, uptimeMs)
  persist(state, out)
  acknowledge(state, { id: ended.id, c: ended.c, st, rc }, uptimeMs - ended.receivedAtMs, uptimeMs)
}

function turnBolt(state: LockState, input: BoltInput, uptimeMs: number, out: LockEffect[]): void {
  const commandId = state.gate.pending?.op === 'unlock' ? state.gate.pending.id : undefined
  const { state: bolt, effects } = stepBolt(state.bolt, input, uptimeMs)
  state.bolt = bolt
  for (const effect of effects) carryOut(state, effect, commandId, uptimeMs, out)
  // Once the bolt is found, a later forcing is a forcing again.
  if (bolt.phase.kind !== 'unknown') state.interrupted = null
}

function carryOut(
  state: LockState,
  effect: BoltOutput,
  commandId: string | undefined,
  uptimeMs: number,
  out: LockEffect[],
): void {
  switch (effect.kind) {
    case 'motor':
      out.push(effect.drive === 'open' ? { ...effect, commandId: commandId ?? null } : effect)
      break
    case 'unlock-ended':
      conclude(state, effect.isOpen ? 'done' : 'fail', uptimeMs, out)
      break
    case 'bolt-changed':
      onBoltChanged(state, effect, commandId, uptimeMs, out)
      break
    case 'forced':
      if (state.interrupted !== null) return
      record(state, uptimeMs, out, (header) => ({
        ...header,
        k: 'alarm',
        a: 'forced',
        ...positionFields(state.fix, uptimeMs),
      }))
  }
}

function onBoltChanged(
  state: LockState,
  { from, to, by }: Extract<BoltOutput, { kind: 'bolt-changed' }>,
  commandId: string | undefined,
  uptimeMs: number,
  out: LockEffect[],
): void {
  // Found open after a reset in the middle of an unlock: that command opened it, not a thief.
  const interruptedId = by === 'force' && state.interrupted?.op === 'unlock' ? state.interrupted.id : undefined
  const cid = by === 'cmd' ? commandId : interruptedId
  record(state, uptimeMs, out, (header) => ({
    ...header,
    k: 'bolt',
    from,
    to,
    by: interruptedId === undefined ? by : 'cmd',
    ...(cid === undefined ? {} : { cid }),
    ...positionFields(state.fix, uptimeMs),
  }))
  // The event is in flash before the journal forgets that it is news: a reset between the two repeats it, never loses it.
  persist(state, out)
  state.heartbeatAtMs = uptimeMs + heartbeatMs(to)
  const isPoor = state.fix === null || state.fix.fix.accuracyM > goodFixM
  state.betterFixUntilMs = to === 'locked' && isPoor ? uptimeMs + betterFixWaitMs : null
}

function onFix(state: LockState, { fix }: Extract<LockInput, { kind: 'fix' }>, uptimeMs: number): void {
  state.fix = { fix, atMs: uptimeMs }
  if (fix.timeMs !== null) state.clock = heardSatelliteTime(fix.timeMs, uptimeMs)
  if (state.betterFixUntilMs !== null && uptimeMs <= state.betterFixUntilMs && fix.accuracyM <= goodFixM) {
    report(state, uptimeMs)
  }
}

function onBattery(
  state: LockState,
  { battery }: Extract<LockInput, { kind: 'battery' }>,
  uptimeMs: number,
  out: LockEffect[],
): void {
  state.battery = battery
  const level = nextPowerLevel(state.powerLevel, battery.percent)
  if (level === state.powerLevel) return
  state.powerLevel = level
  record(state, uptimeMs, out, (header) => ({ ...header, k: 'power', lv: level, soc: battery.percent }))
}

function onTick(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  // The body has used up the wish: say it again even if it stays the same.
  state.wakeAtMs = null
  turnBolt(state, { kind: 'tick' }, uptimeMs, out)
  if (state.betterFixUntilMs !== null && uptimeMs > state.betterFixUntilMs) {
    state.betterFixUntilMs = null
    // Who asks where it is gets an answer, however poor.
    if (state.isAskedWhere) report(state, uptimeMs)
  }
  if (uptimeMs >= state.heartbeatAtMs) report(state, uptimeMs)
  if (isPubackLate(state.queue, state.pubackTimeoutMs, uptimeMs)) {
    goOffline(state.queue)
    out.push({ kind: 'close-connection' })
  }
  if (state.rebootAtMs !== null && uptimeMs >= state.rebootAtMs) {
    state.rebootAtMs = null
    out.push({ kind: 'reboot' })
  }
}

/** A telemetry record now; the next heartbeat counts from it. */
function report(state: LockState, uptimeMs: number): void {
  const bolt = state.bolt.phase.kind
  state.heartbeatAtMs = uptimeMs + heartbeatMs(bolt)
  state.betterFixUntilMs = null
  state.isAskedWhere = false
  addTelemetry(state.queue, telemetryRecord(stamp(state, uptimeMs), bolt, state.battery, state.fix))
}

function stamp(state: LockState, uptimeMs: number) {
  return stampRecord(state.clock, state.nextQ++, uptimeMs)
}

function headerOf(state: LockState, uptimeMs: number) {
  return { v: protocolVersion, b: state.gate.bootId, ...stamp(state, uptimeMs) } as const
}

/** An event: into flash first, then to the queue. */
function record(
  state: LockState,
  uptimeMs: number,
  out: LockEffect[],
  make: (header: ReturnType<typeof headerOf>) => LockEvent,
): void {
  const event = make(headerOf(state, uptimeMs))
  out.push({ kind: 'nvm-write', write: { cell: 'event', event } })
  const dropped = addEvent(state.queue, event)
  if (dropped) out.push({ kind: 'nvm-write', write: { cell: 'erase-event', b: dropped.b, q: dropped.q } })
}

function acknowledge(
  state: LockState,
  { id, c, st, rc }: Pick<Extract<Verdict, { kind: 'answer' }>, 'id' | 'c' | 'st' | 'rc'>,
  ms: number,
  uptimeMs: number,
): void {
  addAck(state.queue, { ...headerOf(state, uptimeMs), id, c, st, rc, bolt: state.bolt.phase.kind, ms })
}

function persist(state: LockState, out: LockEffect[]): void {
  const next = journalRecord(state)
  state.journalN = next.n
  out.push({ kind: 'nvm-write', write: journalWrite(next) })
}

function send(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  for (const publication of pump(state.queue, uptimeMs)) out.push({ kind: 'publish', ...publication })
}

function askForWake(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  const wishes = [
    boltWakeAtMs(state.bolt),
    queueWakeAtMs(state.queue, state.pubackTimeoutMs, uptimeMs),
    state.heartbeatAtMs,
    state.betterFixUntilMs === null ? null : state.betterFixUntilMs + 1,
    state.rebootAtMs,
  ]
  const earliest = Math.min(...wishes.map((wish) => wish ?? Number.POSITIVE_INFINITY))
  // Never now: a tick that finds nothing to do would otherwise ask for itself for ever.
  const wakeAtMs = Math.max(earliest, uptimeMs + 1)
  if (wakeAtMs === state.wakeAtMs) return
  state.wakeAtMs = wakeAtMs
  out.push({ kind: 'wake-at', uptimeMs: wakeAtMs })
}
