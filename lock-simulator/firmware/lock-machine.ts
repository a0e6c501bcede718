import { decodeSync } from '../../contracts/mqtt/codec.ts'
import { protocolVersion } from '../../contracts/mqtt/reports.ts'
import type { Step } from '../../contracts/step.ts'
import { boltWakeAtMs } from './bolt-machine.ts'
import { onConfig } from './config-hear.ts'
import { helloOf } from './hello.ts'
import { heardSatelliteTime, heardServerTime } from './lock-clock.ts'
import type { LockEffect, LockInput } from './lock-io.ts'
import { type LockState, wipeRam } from './lock-state.ts'
import { onCommand } from './obey.ts'
import { nextPowerLevel } from './power-level.ts'
import { goOffline, goOnline, isPubackLate, onPuback, queueWakeAtMs } from './report-queue.ts'
import { persist, record, report, send, stamp } from './speak.ts'
import { goodFixM, heartbeatMs } from './telemetry.ts'
import { turnBolt } from './turn-bolt.ts'

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
  if (channel === 'cfg') onConfig(state, payload, uptimeMs, out)
  const sync = channel === 'sync' ? decodeSync(payload) : null
  if (!sync?.ok) return
  state.clock = heardServerTime(state.clock, sync.value.st, uptimeMs)
  const spreadS = sync.value.adv?.spread_s
  if (spreadS !== undefined) out.push({ kind: 'reconnect-spread', seconds: spreadS })
  if (sync.value.req === 1) report(state, uptimeMs)
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
