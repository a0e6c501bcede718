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
  setSwitches(fault: SwitchFault | null): void
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
  #bad: BadSwitches | null = null

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

  setSwitches(fault: SwitchFault | null): void {
    this.#bad?.cancel?.()
    this.#bad = fault === null ? null : { fault, stuckAt: switchesAt(this.#position), hasContact: true, cancel: null }
    if (this.#bad?.fault === 'loose') this.#rattle(this.#bad)
    this.#around.onSwitches(this.switches())
  }

  switches(): Switches {
    const { a, b } = switchesAt(this.#position)
    if (this.#bad === null) return { a, b }
    const { fault, stuckAt, hasContact } = this.#bad
    if (fault === 'loose') return hasContact ? { a, b } : { a: false, b: false }
    return { a: fault === 'stuck-a' ? stuckAt.a : a, b: fault === 'stuck-b' ? stuckAt.b : b }
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
    this.#around.onSwitches(this.switches())
    if (this.#bad !== null) return
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
      this.#around.onSwitches(switches ?? this.switches())
    })
    this.#bounces.add(cancel)
  }

  /** A loose contact: on and off, with every stone under the wheel. */
  #rattle(bad: BadSwitches): void {
    const atMs = this.#around.nowMs() + this.#random.integer(looseMs.from, looseMs.to)
    bad.cancel = this.#around.schedule(atMs, () => {
      bad.hasContact = !bad.hasContact
      this.#around.onSwitches(this.switches())
      this.#rattle(bad)
    })
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

/** Each reads on as it read, or has no good contact. */
export type SwitchFault = 'stuck-a' | 'stuck-b' | 'loose'
const looseMs = { from: 20, to: 900 } as const

interface BadSwitches {
  readonly fault: SwitchFault
  /** What a stuck switch goes on saying. */
  readonly stuckAt: Switches
  hasContact: boolean
  cancel: (() => void) | null
}

const switchesAt = (position: BoltPosition): Switches => ({ a: position === 'closed', b: position === 'open' })
