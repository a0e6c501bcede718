import { asId, type LockId } from '../../contracts/ids.ts'
import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import { factoryNvm, factoryPower } from '../firmware/journal.ts'
import { defaultPubackTimeoutMs } from '../firmware/report-queue.ts'
import { createBoltMechanics } from './bolt-mechanics.ts'
import { type Chip, createChip, type OutwardEffect } from './chip.ts'
import { createFlash } from './flash.ts'
import { createHull } from './hull.ts'
import type { Actuation, Lock, LockMessage, LockSettings } from './lock.ts'
import { createPowerSupply } from './power-supply.ts'
import { createReceiver } from './receiver.ts'
import { createUptimeClock } from './uptime-clock.ts'

/** From the first instruction to a modem that registers: the switches have settled by then. */
const modemStartMs = 1_000
const firmwareVersion = '1.0.0'
const usualHardware = 'ring-2'
/** Parts answer within this. */
const partsAnswerMs = 1_500

/** A lock with power on: the firmware and the matter around it. Nothing happens but through `schedule` and `radio`. */
export function createLock(settings: LockSettings): Lock {
  const { random, nowMs, schedule, radio } = settings
  const lockId = asId<LockId>(settings.lockId)
  const receiver = createReceiver({
    random: random.split('gnss'),
    nowMs,
    schedule,
    start: settings.position,
    kind: settings.receiver ?? 'bench',
    onFix: (fix, isJammed) => chip.feed({ kind: 'fix', fix, isJammed }),
    onLook: (tookMs) => supply.spendOnFix(tookMs),
  })
  const shade = random.split('shade').next()
  const { position: place, batteryPercent: percent = 90, bookEnergy: book = null } = settings
  const supply = createPowerSupply({ place, percent, shade, book, nowMs, schedule, chip: () => chip })
  /** null: the clock of the lock has lost its time. */
  let rtcErrorMs: number | null = null
  let boots = 0
  const onMessage = listeners<LockMessage>()
  const onActuation = listeners<Actuation>()
  const onBoltPosition = listeners<ReturnType<Lock['boltPosition']>>()
  const isLocked = settings.isLocked !== false
  let pubackTimeoutMs = settings.pubackTimeoutMs ?? defaultPubackTimeoutMs
  let isConnected = false
  let cancelModem: (() => void) | null = null
  let cancelParts: (() => void) | null = null
  const parts = { imu: true, flash: true, gnss: true }
  const has = { random: random.split('imu'), hasImu: () => parts.imu }
  const hull = createHull({ ...has, nowMs, schedule, chip: () => chip })

  const bolt = createBoltMechanics(isLocked ? 'closed' : 'open', {
    random: random.split('bolt'),
    nowMs,
    schedule,
    onSwitches: (switches) => chip.feed({ kind: 'switches', switches }),
    onPosition: onBoltPosition.tell,
  })
  const clock = createUptimeClock(random.split('oscillator'), nowMs)
  const chip: Chip = createChip({
    identity: identityOf(lockId, settings),
    gateOptions: settings.gateOptions ?? {},
    flash: createFlash(
      factoryNvm(random.split('factory').integer(0, 255), isLocked ? 'locked' : 'unlocked', {
        ...factoryPower,
        isShipped: settings.isShipped ?? false,
      }),
    ),
    clock,
    nowMs,
    schedule,
    perform,
    sense,
    rtcMs: () => (rtcErrorMs === null ? null : nowMs() + rtcErrorMs),
    onPowerLost: (reason) => {
      isConnected = false
      cancelModem?.()
      supply.stop()
      receiver.stop(reason === 'power')
      cancelParts?.()
      hull.stop()
      bolt.stop()
      radio.switchOff()
    },
    onPowerOn: () => {
      boots++
      supply.sense(true)
      if (!chip.state.isOn) return
      chip.feed({ kind: 'puback-timeout', pubackTimeoutMs })
      chip.feed({ kind: 'switches', switches: bolt.switches() })
      if (!chip.state.power.isShipped) receiver.fixNow()
      hull.tell()
    },
  })

  const handlers = {
    connected: (sid: string) => {
      isConnected = true
      chip.feed({ kind: 'connected', sid })
    },
    disconnected: () => {
      isConnected = false
      chip.feed({ kind: 'disconnected' })
    },
    message: (channel: DownlinkKind, payload: Uint8Array) => {
      log('down', channel, payload)
      if (channel === 'cmd') senseWheel()
      chip.feed({ kind: 'message', channel, payload })
    },
    puback: (ref: number) => chip.feed({ kind: 'puback', ref }),
  }

  function perform(effect: OutwardEffect): void {
    switch (effect.kind) {
      case 'publish':
        supply.transmit()
        log('up', effect.channel, effect.payload)
        radio.publish(effect)
        break
      case 'motor':
        if (effect.drive !== 'stop') {
          supply.turnMotor()
          const { drive, commandId, attempt } = effect
          const at = { bootId: chip.state.gate.bootId, uptimeMs: clock.uptimeMs(), atMs: nowMs() }
          onActuation.tell({ drive, commandId, attempt, ...at })
        }
        bolt.motor(effect.drive)
        break
      case 'close-connection':
        radio.closeConnection()
        break
      case 'check-parts':
        cancelParts?.()
        cancelParts = schedule(nowMs() + partsAnswerMs, () => chip.feed({ kind: 'parts', ...parts }))
        break
      case 'locate':
        receiver.fixNow()
        break
      case 'gnss':
        supply.setReceiver(effect.everyMs)
        receiver.setEvery(effect.everyMs)
        break
      case 'modem':
        switchModem(effect.isOn)
        break
      case 'reconnect-spread':
        radio.setReconnectSpread(effect.seconds)
        break
      case 'beep':
        break
    }
  }

  /** What the chip reads from its sensors before it acts. */
  function sense(): void {
    supply.sense(false)
    receiver.fixIfDue()
  }

  function switchModem(isOn: boolean): void {
    supply.setModem(isOn)
    cancelModem?.()
    cancelModem = isOn ? schedule(nowMs() + modemStartMs, () => radio.switchOn(handlers)) : null
    if (isOn) return
    isConnected = false
    radio.switchOff()
  }

  /** The dynamo's hub tells how fast the wheel turns, the accelerometer that it stands. */
  function senseWheel(): void {
    chip.feed({ kind: 'wheel', speedMps: parts.imu ? receiver.whereabouts().speedMps : null })
  }

  function log(direction: 'up' | 'down', channel: LockMessage['channel'], payload: string | Uint8Array): void {
    if (onMessage.count() === 0) return
    const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload)
    onMessage.tell({ direction, atMs: nowMs(), channel, payload: text })
  }

  chip.boot('power')

  return {
    lockId,
    pushLever: () => {
      receiver.fixNow()
      bolt.pushLever()
    },
    setPosition: (whereabouts) => {
      supply.roll(whereabouts.speedMps, bolt.position() === 'open')
      receiver.moveTo(whereabouts)
      if (chip.state.bolt.phase.kind === 'locking') senseWheel()
    },
    whereabouts: receiver.whereabouts,
    setSky: receiver.setSky,
    setAntenna: radio.setAntenna,
    jam: bolt.setJam,
    forceOpen: bolt.forceOpen,
    breakPart: (part, isBroken) => {
      parts[part] = !isBroken
    },
    setBattery: supply.setPercent,
    setShade: supply.setShade,
    setTemperature: supply.setTemperature,
    jamGnss: receiver.jam,
    ...hull.acts,
    carry: (whereabouts) => {
      receiver.moveTo(whereabouts)
      hull.carry(whereabouts.speedMps)
    },
    refuseSim: (isRefused) => {
      radio.setAntenna(!isRefused)
      chip.feed({ kind: 'registration', isRefused })
    },
    spoofGnss: receiver.spoof,
    setRtc: (errorMs) => {
      rtcErrorMs = errorMs
    },
    hang: chip.hang,
    panic: () => chip.losePower('panic'),
    truth: () => {
      const { percent, milliVolts } = supply.read().battery
      const mode = chip.state.isOn ? chip.state.power.mode : 'off'
      return { speedMps: receiver.whereabouts().speedMps, milliVolts, percent, mode, resets: Math.max(0, boots - 1) }
    },
    setPubackTimeout: (timeoutMs) => {
      pubackTimeoutMs = timeoutMs
      chip.feed({ kind: 'puback-timeout', pubackTimeoutMs })
    },
    reboot: chip.losePower,
    armPowerCut: chip.armPowerCut,
    boltState: () => chip.state.bolt.phase.kind,
    boltPosition: bolt.position,
    bootId: () => chip.state.gate.bootId,
    isConnected: () => isConnected,
    outbox: () => waitingIn(chip),
    onMessage: onMessage.add,
    onBoltPosition: onBoltPosition.add,
    onActuation: onActuation.add,
    destroy: () => {
      chip.destroy()
      supply.destroy()
    },
  }
}

function identityOf(lockId: LockId, settings: LockSettings) {
  const { keys } = settings
  const commandKeys = new Map([[keys.keyVersion, keys.commandKey]])
  return {
    lockId,
    firmware: firmwareVersion,
    hardware: settings.hardware ?? usualHardware,
    keyVersion: keys.keyVersion,
    commandKeys,
  }
}

function waitingIn({ state: { queue } }: Chip) {
  const flying = { events: 0, telemetry: queue.fresh === null ? 0 : 1 }
  for (const { load } of queue.inFlight) {
    if (load.lane === 'evt') flying.events++
    if (load.lane === 'fresh') flying.telemetry++
    if (load.lane === 'tel') for (const { records } of load.pages) flying.telemetry += records.length
  }
  return { events: queue.events.length + flying.events, telemetry: queue.backlog.count + flying.telemetry }
}

function listeners<T>() {
  const all: ((news: T) => void)[] = []
  return {
    add: (listener: (news: T) => void) => {
      all.push(listener)
    },
    tell: (news: T) => {
      for (const listener of all) listener(news)
    },
    count: () => all.length,
  }
}
