import { decodeSync } from '../../contracts/mqtt/codec.ts'
import { protocolVersion } from '../../contracts/mqtt/reports.ts'
import type { Step } from '../../contracts/step.ts'
import { bleWakeAtMs } from './ble-machine.ts'
import { onPhone } from './ble-phone.ts'
import { boltWakeAtMs } from './bolt-machine.ts'
import { onConfig } from './config-hear.ts'
import { guardWakeAtMs } from './guard-machine.ts'
import { guardBike } from './guard-watch.ts'
import { helloOf } from './hello.ts'
import { beat, isBoltOpen, onBattery, onCharge, tendPower } from './keep-power.ts'
import { clockAtBoot, heardSatelliteTime, heardServerTime } from './lock-clock.ts'
import type { LockEffect, LockInput } from './lock-io.ts'
import { type LockState, wipeRam } from './lock-state.ts'
import { onCommand } from './obey.ts'
import { powerWakeAtMs } from './power-machine.ts'
import { goOffline, goOnline, grantBacklog, isPubackLate, onPuback, queueWakeAtMs } from './report-queue.ts'
import { endSelfTest, tickSelfTest } from './self-test.ts'
import { persist, record, report, send, stamp } from './speak.ts'
import { countMetres, goodFixM } from './telemetry.ts'
import { turnBolt } from './turn-bolt.ts'
import { onWheel, stopIfTurning } from './wheel.ts'

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
  guardBike(state, input, uptimeMs, out)
  tendPower(state, uptimeMs, out)
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
    case 'puback':
      onPuback(state.queue, input.ref)
      break
    case 'switches':
      turnBolt(state, { kind: 'switches', switches: input.switches }, uptimeMs, out)
      break
    case 'fix':
      onFix(state, input, uptimeMs)
      stopIfTurning(state, uptimeMs, out)
      break
    case 'battery':
      onBattery(state, input.battery)
      break
    case 'charge':
      onCharge(state, input, uptimeMs)
      break
    case 'puback-timeout':
      state.pubackTimeoutMs = input.pubackTimeoutMs
      break
    case 'wheel':
      onWheel(state, input.speedMps, uptimeMs, out)
      break
    case 'parts':
      endSelfTest(state, input, uptimeMs, out)
      break
    case 'ble-link':
      onPhone(state, input.isOpen ? { kind: 'connected', nonce: input.nonce } : { kind: 'disconnected' }, uptimeMs, out)
      break
    case 'ble':
      onPhone(state, { kind: 'frame', bytes: input.bytes }, uptimeMs, out)
      break
    case 'motion':
    case 'shell':
    case 'cable':
    case 'registration':
      // The guard's, below.
      break
    case 'network':
      state.network = { rat: input.rat, rsrp: input.rsrp }
      break
    case 'tick':
      onTick(state, uptimeMs, out)
      break
  }
}

function powerOn(
  state: LockState,
  { bootReason, nvm, rtcMs = null }: Extract<LockInput, { kind: 'power-on' }>,
  uptimeMs: number,
  out: LockEffect[],
): void {
  wipeRam(state, bootReason, nvm)
  state.clock = clockAtBoot(rtcMs, uptimeMs)
  // The new boot id is in flash before anything can be heard or said under it.
  persist(state, out)
  const { lastBootMs } = state.meters
  record(state, uptimeMs, out, (header) => ({
    ...header,
    k: 'boot',
    rr: bootReason,
    pend: state.interrupted?.id ?? null,
    ...(lastBootMs === null ? {} : { up: lastBootMs }),
  }))
}

function greet(state: LockState, sid: string, uptimeMs: number): void {
  goOffline(state.queue)
  const hello = helloOf(state, sid, stamp(state, uptimeMs))
  goOnline(state.queue, hello, { v: protocolVersion, on: 1, sid })
  report(state, uptimeMs, true)
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
  if (sync.value.grant !== undefined) grantBacklog(state.queue, sync.value.grant)
  if (sync.value.req === 1) report(state, uptimeMs, true)
}

function onFix(state: LockState, { fix }: Extract<LockInput, { kind: 'fix' }>, uptimeMs: number): void {
  if (fix === null) return
  countMetres(state.meters, state.fix, fix, isBoltOpen(state), uptimeMs)
  const isFirst = state.fix === null && state.queue.isOnline
  state.fix = { fix, atMs: uptimeMs }
  if (fix.timeMs !== null) state.clock = heardSatelliteTime(fix.timeMs, uptimeMs)
  const isAwaited = state.betterFixUntilMs !== null && uptimeMs <= state.betterFixUntilMs
  const isWelcome = isFirst && state.betterFixUntilMs === null
  if (isWelcome || (isAwaited && fix.accuracyM <= goodFixM)) report(state, uptimeMs, true)
}

function onTick(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  // The body has used up the wish: say it again even if it stays the same.
  state.wakeAtMs = null
  turnBolt(state, { kind: 'tick' }, uptimeMs, out)
  if (bleWakeAtMs(state.ble) !== null) onPhone(state, { kind: 'tick' }, uptimeMs, out)
  if (state.betterFixUntilMs !== null && uptimeMs > state.betterFixUntilMs) {
    state.betterFixUntilMs = null
    // Who asks where it is gets an answer, however poor.
    if (state.isAskedWhere) report(state, uptimeMs)
  }
  tickSelfTest(state, uptimeMs, out)
  beat(state, uptimeMs)
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
    bleWakeAtMs(state.ble),
    queueWakeAtMs(state.queue, state.pubackTimeoutMs, uptimeMs),
    state.heartbeatAtMs,
    powerWakeAtMs(state.power),
    guardWakeAtMs(state.guard),
    state.betterFixUntilMs === null ? null : state.betterFixUntilMs + 1,
    state.rebootAtMs,
    state.selfTest.untilMs,
  ]
  const earliest = Math.min(...wishes.map((wish) => wish ?? Number.POSITIVE_INFINITY))
  // Never now: a tick that finds nothing to do would otherwise ask for itself for ever.
  const wakeAtMs = Math.max(earliest, uptimeMs + 1)
  if (wakeAtMs === state.wakeAtMs) return
  state.wakeAtMs = wakeAtMs
  out.push({ kind: 'wake-at', uptimeMs: wakeAtMs })
}
