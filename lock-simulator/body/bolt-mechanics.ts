import type { Random } from '../../contracts/random.ts'
import type { Switches } from '../firmware/bolt-machine.ts'
import type { Schedule } from './schedule.ts'

const motorTravelMs = 600
const leverTravelMs = 250
/** A microswitch closes several times within this time before it stays closed. */
const bounceWithinMs = 60
const maxBounces = 3

export type BoltPosition = 'closed' | 'between' | 'open'

/**
 * A ring lock: a motor pulls the bolt back against a spring; a person's lever pushes it through the wheel, and on hardware
 * that has one for it the motor does.
 */
export interface BoltMechanics {
  motor(drive: 'open' | 'close' | 'stop'): void
  pushLever(): void
  forceOpen(): void
  /** A spoke in the way: the bolt stays where it is when driven, and sticks half-way when pushed. */
  setJam(isJammed: boolean): void
  position(): BoltPosition
  switches(): Switches
  /** Ends every movement under way. */
  stop(): void
}

export interface BoltSurroundings {
  nowMs(): number
  readonly schedule: Schedule
  onSwitches(switches: Switches): void
  onPosition(position: BoltPosition): void
}

export const createBoltMechanics = (start: BoltPosition, random: Random, around: BoltSurroundings): BoltMechanics =>
  new RingLock(start, random, around)

/** A class, because a process holds a hundred thousand; and what is not under way is not there. */
class RingLock implements BoltMechanics {
  readonly #random: Random
  readonly #around: BoltSurroundings
  #position: BoltPosition
  #isJammed = false
  #cancelTravel: (() => void) | null = null
  #bounces: Set<() => void> | null = null

  constructor(start: BoltPosition, random: Random, around: BoltSurroundings) {
    this.#position = start
    this.#random = random
    this.#around = around
  }

  motor(drive: 'open' | 'close' | 'stop'): void {
    if (drive === 'stop') this.#stopTravel()
    else if (drive === 'open' && !this.#isJammed && this.#position !== 'open') this.#travel('open', motorTravelMs)
    // Unlike the spring's side, the spokes' side stops it half-way.
    else if (drive === 'close' && this.#position !== 'closed') this.#travel('closed', motorTravelMs)
  }

  pushLever(): void {
    if (this.#position !== 'closed') this.#travel('closed', leverTravelMs)
  }

  forceOpen(): void {
    this.#stopTravel()
    this.#move('open')
  }

  setJam(isJammed: boolean): void {
    this.#isJammed = isJammed
    if (isJammed) this.#stopTravel()
  }

  position(): BoltPosition {
    return this.#position
  }

  switches(): Switches {
    return switchesAt(this.#position)
  }

  stop(): void {
    this.#stopTravel()
    for (const cancel of this.#bounces ?? []) cancel()
    this.#bounces = null
  }

  #move(to: BoltPosition): void {
    if (this.#position === to) return
    const from = switchesAt(this.#position)
    this.#position = to
    this.#around.onPosition(to)
    // The contact chatters between the old and the new reading, and ends on the new one.
    const count = this.#random.integer(0, maxBounces)
    this.#around.onSwitches(switchesAt(to))
    for (let i = 1; i <= count; i++) {
      const atMs = this.#around.nowMs() + Math.floor((bounceWithinMs * i) / (count + 1))
      this.#chatter(atMs, from)
      this.#chatter(atMs + 2, null)
    }
  }

  #chatter(atMs: number, switches: Switches | null): void {
    this.#bounces ??= new Set()
    const cancel = this.#around.schedule(atMs, () => {
      this.#bounces?.delete(cancel)
      if (this.#bounces?.size === 0) this.#bounces = null
      this.#around.onSwitches(switches ?? switchesAt(this.#position))
    })
    this.#bounces.add(cancel)
  }

  #travel(to: BoltPosition, tookMs: number): void {
    this.#stopTravel()
    this.#move('between')
    if (this.#isJammed) return
    this.#cancelTravel = this.#around.schedule(this.#around.nowMs() + tookMs, () => {
      this.#cancelTravel = null
      this.#move(to)
    })
  }

  #stopTravel(): void {
    this.#cancelTravel?.()
    this.#cancelTravel = null
  }
}

const switchesAt = (position: BoltPosition): Switches => ({ a: position === 'closed', b: position === 'open' })
