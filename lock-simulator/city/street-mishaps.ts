import type { Random } from '../../contracts/random.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Bike, isFree, setAntenna, setJam } from './bike.ts'
import type { LocalTime } from './core/demand.ts'
import type { Fleet } from './fleet.ts'

export interface StreetSurroundings {
  readonly schedule: Schedule
  readonly nowMs: () => number
  readonly localTime: (cityMs: number) => LocalTime
  readonly random: Random
}

const roundEveryMs = 600_000
/** One lock in three hundred starts anew each hour. */
const rebootChancePerRound = 1 / 1_800
const workshop = { fromHour: 2, toHour: 5, swapsBelowPercent: 40, freshPercent: 97 }
const forgottenAfterMs = 7_200_000
const deadSpotMs = { from: 60_000, to: 420_000 }

/** What happens to bikes that nobody uses: a passer-by frees a jammed bolt, the workshop swaps batteries at night. */
export function keepStreetGoing(fleet: Fleet, { schedule, nowMs, localTime, random }: StreetSurroundings): void {
  function lookAfter(bike: Bike, isWorkshopOpen: boolean): void {
    const isHalfOpen = bike.lock.boltPosition() === 'between'
    if (isHalfOpen || bike.isJammed) setJam(bike, false)
    if (isHalfOpen) bike.lock.pushLever()
    if (isWorkshopOpen && bike.batteryPercent < workshop.swapsBelowPercent) {
      bike.batteryPercent = workshop.freshPercent
      bike.lock.setBattery(workshop.freshPercent)
    }
    if (bike.lock.boltPosition() === 'closed' && random.chance(rebootChancePerRound)) bike.lock.reboot('watchdog')
  }

  /** A person may have opened it and gone for a coffee: only after long does somebody push the lever. */
  function closeIfForgotten(bike: Bike): void {
    if (bike.lock.boltPosition() !== 'open' || !isFree(bike, nowMs())) {
      bike.openAloneSinceMs = null
      return
    }
    bike.openAloneSinceMs ??= nowMs()
    if (nowMs() - bike.openAloneSinceMs >= forgottenAfterMs) bike.lock.pushLever()
  }

  function round(): void {
    const { hour } = localTime(nowMs())
    const isWorkshopOpen = hour >= workshop.fromHour && hour < workshop.toHour
    for (const bike of fleet.bikes) {
      if (bike.isKeptBroken) continue
      if (isFree(bike, nowMs())) lookAfter(bike, isWorkshopOpen)
      closeIfForgotten(bike)
    }
    schedule(nowMs() + roundEveryMs, round)
  }
  schedule(nowMs() + roundEveryMs, round)
}

/** The bike is where no signal is, for some minutes of city time; longer when a person has it in hand by then. */
export function enterDeadSpot({ schedule, nowMs }: Pick<StreetSurroundings, 'schedule' | 'nowMs'>, bike: Bike): void {
  if (!bike.hasAntenna || bike.handsOffTillMs > nowMs()) return
  setAntenna(bike, false)
  const leave = () => {
    if (bike.handsOffTillMs <= nowMs()) setAntenna(bike, true)
    else schedule(bike.handsOffTillMs, leave)
  }
  schedule(nowMs() + bike.random.integer(deadSpotMs.from, deadSpotMs.to), leave)
}
