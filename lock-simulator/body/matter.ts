import { asId, type LockId } from '../../contracts/ids.ts'
import { distanceM } from '../../contracts/units.ts'
import { phoneKeysFrom } from '../firmware/ble-keys.ts'
import { advertisedNow } from '../firmware/ble-phone.ts'
import type { Switches } from '../firmware/bolt-machine.ts'
import { factoryNvm, factoryPower } from '../firmware/journal.ts'
import type { LockIdentity } from '../firmware/lock-state.ts'
import { defaultPubackTimeoutMs } from '../firmware/report-queue.ts'
import type { Fix } from '../firmware/telemetry.ts'
import { createPhoneRadio, type PhoneRadio } from '../radio/phone-radio.ts'
import type { Radio } from '../radio/radio.ts'
import { type BoltMechanics, type BoltPosition, createBoltMechanics } from './bolt-mechanics.ts'
import { type Chip, createChip, type OutwardEffect } from './chip.ts'
import { createFlash } from './flash.ts'
import type { Whereabouts } from './gnss.ts'
import { createHull, type Hull } from './hull.ts'
import { createLink, type Link } from './link.ts'
import type { Actuation, Lock, LockMessage, LockSettings, LockTruth, Part } from './lock.ts'
import { performOn } from './outward.ts'
import { createPowerSupply, type PowerSupply } from './power-supply.ts'
import { createReceiver, type Receiver } from './receiver.ts'
import type { Schedule } from './schedule.ts'
import { createUptimeClock, type UptimeClock } from './uptime-clock.ts'

const firmwareVersion = '1.0.0'
const usualHardware = 'ring-2'
/** Parts answer within this. */
const partsAnswerMs = 1_500

/** Who listens to a lock. Most are listened to by nobody. */
interface Ears {
  readonly message: ((message: LockMessage) => void)[]
  readonly actuation: ((actuation: Actuation) => void)[]
  readonly bolt: ((position: BoltPosition) => void)[]
}

type Parts = { [part in Part]: boolean }
const allWell: Readonly<Parts> = { imu: true, flash: true, gnss: true }

/** The parts of one lock and what they tell each other. What is not needed yet is not there. */
export class Matter {
  readonly lockId: LockId
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly radio: Radio
  readonly chip: Chip
  readonly clock: UptimeClock
  readonly receiver: Receiver
  readonly supply: PowerSupply
  readonly bolt: BoltMechanics
  readonly link: Link
  readonly hull: Hull
  /** null: the clock of the lock has lost its time. */
  rtcErrorMs: number | null = null
  readonly #random: LockSettings['random']
  #boots = 0
  #phones: PhoneRadio | null = null
  #ears: Ears | null = null
  #parts = allWell
  #pubackTimeoutMs: number
  #cancelParts: (() => void) | null = null

  constructor(settings: LockSettings) {
    const { random, radio, position, modem = 'bench', receiver = 'bench' } = settings
    this.lockId = asId<LockId>(settings.lockId)
    this.nowMs = settings.nowMs
    this.schedule = settings.schedule
    this.radio = radio
    this.#random = random
    this.#pubackTimeoutMs = settings.pubackTimeoutMs ?? defaultPubackTimeoutMs
    this.receiver = createReceiver({ random: random.split('gnss'), start: position, kind: receiver }, this)
    const shade = settings.isShipped ? 1 : random.split('shade').next()
    const { batteryPercent: percent = 90, bookEnergy: book = null } = settings
    this.supply = createPowerSupply({ place: position, percent, shade, book }, this)
    this.hull = createHull(random, this)
    const start = settings.isLocked === false ? 'open' : 'closed'
    this.bolt = createBoltMechanics(start, random.split('bolt'), this)
    this.clock = createUptimeClock(random.split('oscillator'), this.nowMs)
    this.link = createLink({ radio, random, modem }, this)
    const flash = createFlash(factoryOf(random.split('factory').integer(0, 255), settings))
    const identity = identityOf(this.lockId, settings)
    this.chip = createChip({ identity, gateOptions: settings.gateOptions ?? soundGate, flash, clock: this.clock }, this)
  }

  rollTo(whereabouts: Whereabouts): void {
    const { supply, bolt, link, receiver, chip } = this
    supply.roll(whereabouts.speedMps, bolt.position() === 'open')
    link.moved(distanceM(receiver.whereabouts(), whereabouts))
    receiver.moveTo(whereabouts)
    if (chip.state.bolt.phase.kind === 'locking') this.beforeCommand()
  }

  breakPart(part: Part, isBroken: boolean): void {
    this.#parts = { ...this.#parts, [part]: !isBroken }
  }

  setPubackTimeout(pubackTimeoutMs: number): void {
    this.#pubackTimeoutMs = pubackTimeoutMs
    this.chip.feed({ kind: 'puback-timeout', pubackTimeoutMs })
  }

  ears(): Ears {
    this.#ears ??= { message: [], actuation: [], bolt: [] }
    return this.#ears
  }

  truth(): LockTruth {
    const { percent, milliVolts } = this.supply.read().battery
    const { state } = this.chip
    const mode = state.isOn ? state.power.mode : 'off'
    const { speedMps } = this.receiver.whereabouts()
    return { speedMps, milliVolts, percent, mode, resets: Math.max(0, this.#boots - 1) }
  }

  outbox(): ReturnType<Lock['outbox']> {
    const { queue } = this.chip.state
    let events = queue.events.length
    let telemetry = queue.backlog.count + (queue.fresh === null ? 0 : 1)
    for (const { load } of queue.inFlight) {
      if (load.lane === 'evt') events++
      if (load.lane === 'fresh') telemetry++
      if (load.lane === 'tel') for (const { records } of load.pages) telemetry += records.length
    }
    return { events, telemetry, keptBesideDropped: queue.keptBesideDropped }
  }

  /** Its short-range radio, made for the first phone that comes near: most locks of a city never meet one. */
  phoneRadio(): PhoneRadio {
    this.#phones ??= createPhoneRadio({
      ...{ random: this.#random, nowMs: this.nowMs, schedule: this.schedule },
      advertisedAs: () => (this.chip.state.isOn ? advertisedNow(this.chip.state, this.clock.uptimeMs()) : null),
      onLink: (link) => this.chip.feed({ kind: 'ble-link', ...link }),
      onFrame: (bytes) => this.chip.feed({ kind: 'ble', bytes }),
    })
    return this.#phones
  }

  /** Null: no phone has ever come near. */
  phones(): PhoneRadio | null {
    return this.#phones
  }

  perform(effect: OutwardEffect): void {
    performOn(this, effect)
  }

  actuated(actuation: Pick<Actuation, 'drive' | 'commandId' | 'attempt'>): void {
    if (this.#ears === null) return
    const at = { bootId: this.chip.state.gate.bootId, uptimeMs: this.clock.uptimeMs(), atMs: this.nowMs() }
    for (const hear of this.#ears.actuation) hear({ ...actuation, ...at })
  }

  checkParts(): void {
    this.#cancelParts?.()
    this.#cancelParts = this.schedule(this.nowMs() + partsAnswerMs, () =>
      this.chip.feed({ kind: 'parts', ...this.#parts }),
    )
  }

  onFix(fix: Fix | null, isJammed: boolean): void {
    this.chip.feed({ kind: 'fix', fix, isJammed })
  }

  onLook(tookMs: number): void {
    this.supply.spendOnFix(tookMs)
  }

  onSwitches(switches: Switches): void {
    this.chip.feed({ kind: 'switches', switches })
  }

  onPosition(position: BoltPosition): void {
    for (const hear of this.#ears?.bolt ?? none) hear(position)
  }

  /** The dynamo's hub tells how fast the wheel turns, the accelerometer that it stands. */
  beforeCommand(): void {
    if (!this.hasImu()) this.receiver.fixNow()
    this.chip.feed({ kind: 'wheel', speedMps: this.hasImu() ? this.receiver.whereabouts().speedMps : null })
  }

  isHeard(): boolean {
    return this.#ears !== null && this.#ears.message.length > 0
  }

  onMessage(message: LockMessage): void {
    for (const hear of this.#ears?.message ?? none) hear(message)
  }

  hasImu(): boolean {
    return this.#parts.imu
  }

  /** What the chip reads from its sensors before it acts. */
  sense(): void {
    this.supply.sense(false)
    this.receiver.fixIfDue()
  }

  rtcMs(): number | null {
    return this.rtcErrorMs === null ? null : this.nowMs() + this.rtcErrorMs
  }

  onPowerLost(reason: string): void {
    this.supply.stop()
    this.receiver.stop(reason === 'power')
    this.#cancelParts?.()
    this.hull.stop()
    this.#phones?.hangUp()
    this.bolt.stop()
    this.link.stop()
  }

  onPowerOn(): void {
    const { chip, supply, bolt, receiver, hull } = this
    this.#boots++
    supply.sense(true)
    if (!chip.state.isOn) return
    chip.feed({ kind: 'puback-timeout', pubackTimeoutMs: this.#pubackTimeoutMs })
    chip.feed({ kind: 'switches', switches: bolt.switches() })
    if (!chip.state.power.isShipped) receiver.fixNow()
    hull.tell()
  }
}

const soundGate = {}
const none: readonly never[] = []

function factoryOf(randomByte: number, { isLocked, isShipped = false }: LockSettings) {
  const power = isShipped ? { ...factoryPower, isShipped } : factoryPower
  return factoryNvm(randomByte, isLocked === false ? 'unlocked' : 'locked', power)
}

function identityOf(lockId: LockId, { keys, hardware = usualHardware }: LockSettings): LockIdentity {
  const { keyVersion, commandKey, phoneKey } = keys
  const commandKeys = new Map([[keyVersion, commandKey]])
  const phoneKeys = phoneKey === undefined ? null : phoneKeysFrom(phoneKey)
  return { lockId, firmware: firmwareVersion, hardware, keyVersion, commandKeys, phoneKeys }
}
