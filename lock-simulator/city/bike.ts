import type { Random } from '../../contracts/random.ts'
import type { Position } from '../../contracts/units.ts'
import type { Lock } from '../body/lock.ts'
import type { Persona } from './core/personas.ts'
import type { StreetMood } from './street-mood.ts'

/** One bike on the street. What is simulated of its lock is in `lock`; the rest is what people do with it. */
export interface Bike {
  readonly lockId: string
  readonly number: string
  readonly code: string
  readonly persona: Persona
  readonly random: Random
  readonly lock: Lock
  /** Of the whole city. */
  readonly mood: Pick<StreetMood, 'factors'>
  /** Index of the rider who walks to it or uses it. */
  claimedBy: number | null
  /** Index of the night crew in whose van it is. */
  heldByCrew: number | null
  /** City time until which simulated riders leave it alone, since a person plays with it. */
  handsOffTillMs: number
  /** City time until which an unlock that its rider gave up may still arrive. */
  mayOpenLateTillMs: number
  /** City time at which a passer-by first saw it stand open without anybody. */
  openAloneSinceMs: number | null
  batteryPercent: number
  hasAntenna: boolean
  isJammed: boolean
  /** A person wants its fault: no passer-by frees the bolt, no workshop swaps the battery. */
  isKeptBroken: boolean
  /** A person's own ride, from the panel. */
  stopVirtualRide: (() => void) | null
  /** Newest last; null until a person looks. */
  messages: { atMs: number; line: string }[] | null
}

const keptMessages = 20
const longestLine = 240

/** Follows the lock's messages: its charge, and lines for a person who looks. */
export function listenToLock(bike: Bike): void {
  bike.lock.onMessage(({ direction, atMs, channel, payload }) => {
    if (direction === 'up') {
      const charge = /"soc":(\d{1,3})/.exec(payload)
      if (charge) bike.batteryPercent = Math.min(100, Number(charge[1]))
    }
    if (bike.messages === null) return
    const text = payload.length > longestLine ? `${payload.slice(0, longestLine)}…` : payload
    bike.messages.push({ atMs: Math.floor(atMs), line: `${direction === 'up' ? '↑' : '↓'} ${channel} ${text}` })
    if (bike.messages.length > keptMessages) bike.messages.shift()
  })
}

export const placeOf = ({ lock }: Bike): Position => lock.whereabouts()

/** Nobody of the simulated city has to do with it now. */
export const isFree = (bike: Bike, nowMs: number): boolean =>
  bike.claimedBy === null && bike.heldByCrew === null && bike.handsOffTillMs <= nowMs && bike.stopVirtualRide === null

export function setJam(bike: Bike, isJammed: boolean): void {
  bike.isJammed = isJammed
  bike.lock.jam(isJammed)
}

export function setAntenna(bike: Bike, isOn: boolean): void {
  bike.hasAntenna = isOn
  bike.lock.setAntenna(isOn)
}

/** A mishap's chance on this bike, in the mood of the city. */
export function chanceOf(bike: Bike, mishap: Exclude<keyof Persona, 'startBatteryPercent'>): number {
  const { wear, deadSpots, jams } = bike.mood.factors()
  const factors = { wearChance: wear, deadSpotChance: deadSpots, jamOpeningChance: jams, jamClosingChance: jams }
  return Math.min(1, bike.persona[mishap] * factors[mishap])
}
