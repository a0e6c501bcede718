import type { LockId } from '../../contracts/ids.ts'
import type { BoltState, ResetReason } from '../../contracts/mqtt/reports.ts'
import type { PhoneLink } from '../radio/phone-radio.ts'
import type { BoltPosition, SwitchFault } from './bolt-mechanics.ts'
import type { PowerCut } from './chip.ts'
import type { Offset, Sky, Whereabouts } from './gnss.ts'
import { type Insight, insightOf } from './insight.ts'
import type { Actuation, Lock, LockMessage, LockSettings, LockTruth, Outbox, Part } from './lock.ts'
import { Matter } from './matter.ts'
import type { Coverage } from './modem.ts'

/** A lock with power on: the firmware and the matter around it. Nothing happens but through `schedule` and `radio`. */
export const createLock = (settings: LockSettings): Lock => new SimulatedLock(settings)

/** What can be done to it and seen of it. A class, because a process holds a hundred thousand. */
class SimulatedLock implements Lock {
  readonly lockId: LockId
  readonly #matter: Matter

  constructor(settings: LockSettings) {
    this.#matter = new Matter(settings)
    this.lockId = this.#matter.lockId
    this.#matter.chip.boot('power')
  }

  pushLever(): void {
    this.#matter.receiver.fixNow()
    this.#matter.bolt.pushLever()
  }

  setPosition(whereabouts: Whereabouts): void {
    this.#matter.rollTo(whereabouts)
  }

  whereabouts(): Whereabouts {
    return this.#matter.receiver.whereabouts()
  }

  setSky(sky: Sky): void {
    this.#matter.receiver.setSky(sky)
  }

  jamGnss(isJammed: boolean): void {
    this.#matter.receiver.jam(isJammed)
  }

  spoofGnss(offset: Offset | null): void {
    this.#matter.receiver.spoof(offset)
  }

  setBattery(percent: number): void {
    this.#matter.supply.setBattery(percent)
  }

  setShade(fraction: number): void {
    this.#matter.supply.setShade(fraction)
  }

  setTemperature(celsius: number | null): void {
    this.#matter.supply.setTemperature(celsius)
  }

  setAntenna(isOn: boolean): void {
    this.#matter.link.setAntenna(isOn)
  }

  setCoverage(coverage: Coverage): void {
    this.#matter.link.setCoverage(coverage)
  }

  refuseSim(isRefused: boolean): void {
    this.#matter.link.refuseSim(isRefused)
  }

  jam(isJammed: boolean): void {
    this.#matter.bolt.setJam(isJammed)
  }

  forceOpen(): void {
    this.#matter.bolt.forceOpen()
  }

  setSwitches(fault: SwitchFault | null): void {
    this.#matter.bolt.setSwitches(fault)
  }

  phone(): PhoneLink {
    return this.#matter.phoneRadio().link
  }

  breakPart(part: Part, isBroken: boolean): void {
    this.#matter.breakPart(part, isBroken)
  }

  shake(g: number, forMs?: number): void {
    this.#matter.hull.shake(g, forMs)
  }

  tipOver(): void {
    this.#matter.hull.tip(true)
  }

  standUp(): void {
    this.#matter.hull.tip(false)
  }

  openShell(isOpen: boolean): void {
    this.#matter.hull.openShell(isOpen)
  }

  cutCable(isCut: boolean): void {
    this.#matter.hull.cutCable(isCut)
  }

  carry(whereabouts: Whereabouts): void {
    this.#matter.receiver.moveTo(whereabouts)
    this.#matter.hull.carry(whereabouts.speedMps)
  }

  setRtc(errorMs: number | null): void {
    this.#matter.rtcErrorMs = errorMs
  }

  hang(): void {
    this.#matter.chip.hang()
  }

  panic(): void {
    this.#matter.chip.losePower('panic')
  }

  truth(): LockTruth {
    return this.#matter.truth()
  }

  setPubackTimeout(timeoutMs: number): void {
    this.#matter.setPubackTimeout(timeoutMs)
  }

  reboot(reason: ResetReason): void {
    this.#matter.chip.losePower(reason)
  }

  armPowerCut(cut: PowerCut | null): void {
    this.#matter.chip.armPowerCut(cut)
  }

  boltState(): BoltState {
    return this.#matter.chip.state.bolt.phase.kind
  }

  boltPosition(): BoltPosition {
    return this.#matter.bolt.position()
  }

  bootId(): number {
    return this.#matter.chip.state.gate.bootId
  }

  insight(): Insight {
    return insightOf(this.#matter.chip.state, this.#matter.clock.uptimeMs())
  }

  isConnected(): boolean {
    return this.#matter.link.isConnected()
  }

  outbox(): Outbox {
    return this.#matter.outbox()
  }

  onMessage(listener: (message: LockMessage) => void): void {
    this.#matter.ears().message.push(listener)
  }

  onBoltPosition(listener: (position: BoltPosition) => void): void {
    this.#matter.ears().bolt.push(listener)
  }

  onActuation(listener: (actuation: Actuation) => void): void {
    this.#matter.ears().actuation.push(listener)
  }

  destroy(): void {
    this.#matter.chip.destroy()
    this.#matter.supply.destroy()
  }
}
