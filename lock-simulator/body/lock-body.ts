import { asId, type LockId } from '../../contracts/ids.ts'
import { distanceM } from '../../contracts/units.ts'
import { phoneKeysFrom } from '../firmware/ble-keys.ts'
import { advertisedNow } from '../firmware/ble-phone.ts'
import { factoryNvm, factoryPower } from '../firmware/journal.ts'
import { defaultPubackTimeoutMs } from '../firmware/report-queue.ts'
import { createPhones, type PhoneRadio } from '../radio/phone-radio.ts'
import { createBoltMechanics } from './bolt-mechanics.ts'
import { type Chip, createChip } from './chip.ts'
import { createFlash } from './flash.ts'
import { createHull } from './hull.ts'
import { insightOf } from './insight.ts'
import { createLink } from './link.ts'
import type { Actuation, Lock, LockMessage, LockSettings } from './lock.ts'
import { performOn } from './outward.ts'
import { createPowerSupply } from './power-supply.ts'
import { createReceiver } from './receiver.ts'
import { createUptimeClock, type UptimeClock } from './uptime-clock.ts'

const firmwareVersion = '1.0.0'
const usualHardware = 'ring-2'
/** Parts answer within this. */
const partsAnswerMs = 1_500

/** A lock with power on: the firmware and the matter around it. Nothing happens but through `schedule` and `radio`. */
export function createLock(settings: LockSettings): Lock {
  const { random, nowMs, schedule, radio, modem = 'bench' } = settings
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
  const shade = settings.isShipped ? 1 : random.split('shade').next()
  const { position: place, batteryPercent: percent = 90, bookEnergy: book = null } = settings
  const supply = createPowerSupply({ place, percent, shade, book, nowMs, schedule, chip: () => chip })
  /** null: the clock of the lock has lost its time. */
  let rtcErrorMs: number | null = null
  let boots = 0
  const onMessage = listeners<LockMessage>()
  const onActuation = listeners<Actuation>()
  const onBoltPosition = listeners<ReturnType<Lock['boltPosition']>>()
  let pubackTimeoutMs = settings.pubackTimeoutMs ?? defaultPubackTimeoutMs
  let cancelParts: (() => void) | null = null
  const parts = { imu: true, flash: true, gnss: true }
  const has = { random: random.split('imu'), hasImu: () => parts.imu }
  const hull = createHull({ ...has, nowMs, schedule, chip: () => chip })

  const bolt = createBoltMechanics(settings.isLocked === false ? 'open' : 'closed', {
    random: random.split('bolt'),
    nowMs,
    schedule,
    onSwitches: (switches) => chip.feed({ kind: 'switches', switches }),
    onPosition: onBoltPosition.tell,
  })
  const clock = createUptimeClock(random.split('oscillator'), nowMs)
  const phones = phonesOf(settings, clock, () => chip)
  const link = createLink({
    ...{ radio, random, modem, nowMs, schedule, chip: () => chip, beforeCommand: senseWheel, onMessage },
  })
  const perform = performOn({
    ...{ link, radio, supply, receiver, bolt, phones },
    onActuation: (actuation) => {
      const at = { bootId: chip.state.gate.bootId, uptimeMs: clock.uptimeMs(), atMs: nowMs() }
      onActuation.tell({ ...actuation, ...at })
    },
    checkParts: () => {
      cancelParts?.()
      cancelParts = schedule(nowMs() + partsAnswerMs, () => chip.feed({ kind: 'parts', ...parts }))
    },
  })
  const chip: Chip = createChip({
    identity: identityOf(lockId, settings),
    gateOptions: settings.gateOptions ?? {},
    flash: createFlash(factoryOf(random.split('factory').integer(0, 255), settings)),
    clock,
    nowMs,
    schedule,
    perform,
    sense,
    rtcMs: () => (rtcErrorMs === null ? null : nowMs() + rtcErrorMs),
    onPowerLost: (reason) => {
      supply.stop()
      receiver.stop(reason === 'power')
      cancelParts?.()
      hull.stop()
      phones.hangUp()
      bolt.stop()
      link.stop()
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

  /** What the chip reads from its sensors before it acts. */
  function sense(): void {
    supply.sense(false)
    receiver.fixIfDue()
  }

  /** The dynamo's hub tells how fast the wheel turns, the accelerometer that it stands. */
  function senseWheel(): void {
    if (!parts.imu) receiver.fixNow()
    chip.feed({ kind: 'wheel', speedMps: parts.imu ? receiver.whereabouts().speedMps : null })
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
      link.moved(distanceM(receiver.whereabouts(), whereabouts))
      receiver.moveTo(whereabouts)
      if (chip.state.bolt.phase.kind === 'locking') senseWheel()
    },
    whereabouts: receiver.whereabouts,
    ...{ ...receiver.acts, ...supply.acts, ...link.acts },
    jam: bolt.setJam,
    forceOpen: bolt.forceOpen,
    phone: phones.link,
    breakPart: (part, isBroken) => {
      parts[part] = !isBroken
    },
    ...hull.acts,
    carry: (whereabouts) => {
      receiver.moveTo(whereabouts)
      hull.carry(whereabouts.speedMps)
    },
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
    insight: () => insightOf(chip.state, clock.uptimeMs()),
    isConnected: link.isConnected,
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

function factoryOf(randomByte: number, { isLocked, isShipped = false }: LockSettings) {
  return factoryNvm(randomByte, isLocked === false ? 'unlocked' : 'locked', { ...factoryPower, isShipped })
}

function phonesOf({ random, nowMs, schedule }: LockSettings, clock: UptimeClock, chip: () => Chip): PhoneRadio {
  return createPhones({
    ...{ random, nowMs, schedule },
    advertisedAs: () => (chip().state.isOn ? advertisedNow(chip().state, clock.uptimeMs()) : null),
    onLink: (link) => chip().feed({ kind: 'ble-link', ...link }),
    onFrame: (bytes) => chip().feed({ kind: 'ble', bytes }),
  })
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
    phoneKeys: keys.phoneKey === undefined ? null : phoneKeysFrom(keys.phoneKey),
  }
}

function waitingIn({ state: { queue } }: Chip) {
  const flying = { events: 0, telemetry: queue.fresh === null ? 0 : 1 }
  for (const { load } of queue.inFlight) {
    if (load.lane === 'evt') flying.events++
    if (load.lane === 'fresh') flying.telemetry++
    if (load.lane === 'tel') for (const { records } of load.pages) flying.telemetry += records.length
  }
  const { droppedEvents } = queue
  return {
    events: queue.events.length + flying.events,
    telemetry: queue.backlog.count + flying.telemetry,
    droppedEvents,
  }
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
