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
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly onSwitches: (switches: Switches) => void
  readonly onPosition: (position: BoltPosition) => void
}

export function createBoltMechanics(start: BoltPosition, surroundings: BoltSurroundings): BoltMechanics {
  const { random, nowMs, schedule, onSwitches, onPosition } = surroundings
  let position = start
  let isJammed = false
  let cancelTravel: (() => void) | null = null
  const bounces = new Set<() => void>()

  function move(to: BoltPosition): void {
    if (position === to) return
    const from = switchesAt(position)
    position = to
    onPosition(to)
    // The contact chatters between the old and the new reading, and ends on the new one.
    const count = random.integer(0, maxBounces)
    onSwitches(switchesAt(to))
    for (let i = 1; i <= count; i++) {
      const atMs = nowMs() + Math.floor((bounceWithinMs * i) / (count + 1))
      chatter(atMs, from)
      chatter(atMs + 2, null)
    }
  }

  function chatter(atMs: number, switches: Switches | null): void {
    const cancel = schedule(atMs, () => {
      bounces.delete(cancel)
      onSwitches(switches ?? switchesAt(position))
    })
    bounces.add(cancel)
  }

  function travel(to: BoltPosition, tookMs: number): void {
    stopTravel()
    move('between')
    if (isJammed) return
    cancelTravel = schedule(nowMs() + tookMs, () => {
      cancelTravel = null
      move(to)
    })
  }

  function stopTravel(): void {
    cancelTravel?.()
    cancelTravel = null
  }

  return {
    motor: (drive) => {
      if (drive === 'stop') stopTravel()
      else if (drive === 'open' && !isJammed && position !== 'open') travel('open', motorTravelMs)
      // Unlike the spring's side, the spokes' side stops it half-way.
      else if (drive === 'close' && position !== 'closed') travel('closed', motorTravelMs)
    },
    pushLever: () => {
      if (position !== 'closed') travel('closed', leverTravelMs)
    },
    forceOpen: () => {
      stopTravel()
      move('open')
    },
    setJam: (jammed) => {
      isJammed = jammed
      if (jammed) stopTravel()
    },
    position: () => position,
    switches: () => switchesAt(position),
    stop: () => {
      stopTravel()
      for (const cancel of bounces) cancel()
      bounces.clear()
    },
  }
}

const switchesAt = (position: BoltPosition): Switches => ({ a: position === 'closed', b: position === 'open' })
