import { addSpreads, type Spread } from './spread.ts'

/** What was counted on one day, or on several: sums only, so that days can be added. Figures come from them. */
export interface DayCounts {
  /** Rides that began, by the day on which they were asked for. */
  readonly rides: number
  /** Those that are over, with their length. */
  readonly endedRides: number
  readonly rideMs: number
  /** Those of which both ends are known, with the straight line between them. */
  readonly placedRides: number
  readonly straightM: number
  /** The rider or staff said that the lock would not close. */
  readonly notClosed: number
  /** Ended without a word of the lock, for another reason than a pause. */
  readonly notHeard: number
  /** An unlock that the lock never answered: the rider left, or rode on a bike that nobody knew to be open. */
  readonly notAnswered: number
  readonly opened: number
  readonly refused: number
  readonly jammed: number
  readonly unanswered: number
  readonly openings: Spread
  readonly searches: number
  readonly unmetSearches: number
  readonly failedScans: number
  readonly hotspotSamples: number
  readonly hotspotWithBike: number
  /** Bikes in service, the mean of the day; days of it add up to bike days. Nothing where nobody looked. */
  readonly bikeDays: number
  /** Bikes that could be rented, the mean of the day. */
  readonly availableDays: number
  readonly sampledDays: number
  /** Rides of the days that have bike days. */
  readonly sampledRides: number
  readonly alarms: number
  /** Those that a person has taken up, and how long that took. */
  readonly takenUp: Spread
}

export const noCounts: DayCounts = {
  ...{ rides: 0, endedRides: 0, rideMs: 0, placedRides: 0, straightM: 0 },
  ...{ notClosed: 0, notHeard: 0, notAnswered: 0 },
  ...{ opened: 0, refused: 0, jammed: 0, unanswered: 0, openings: [] },
  ...{ searches: 0, unmetSearches: 0, failedScans: 0 },
  ...{ hotspotSamples: 0, hotspotWithBike: 0, bikeDays: 0, availableDays: 0, sampledDays: 0, sampledRides: 0 },
  ...{ alarms: 0, takenUp: [] },
}

/** Both together. */
export function addCounts(a: DayCounts, b: DayCounts): DayCounts {
  const sum = (name: keyof typeof noCounts): number => (a[name] as number) + (b[name] as number)
  const numbers = Object.keys(noCounts).filter((name) => name !== 'openings' && name !== 'takenUp')
  return {
    ...noCounts,
    ...Object.fromEntries(numbers.map((name) => [name, sum(name as keyof DayCounts)])),
    openings: addSpreads(a.openings, b.openings),
    takenUp: addSpreads(a.takenUp, b.takenUp),
  }
}

/** Money of a day or of several, integer minor units. */
export interface MoneySums {
  readonly netMinor: number
  readonly vatMinor: number
  readonly refundedMinor: number
  readonly writtenOffMinor: number
}
export const noMoney: MoneySums = { netMinor: 0, vatMinor: 0, refundedMinor: 0, writtenOffMinor: 0 }

export const addMoney = (a: MoneySums, b: MoneySums): MoneySums => ({
  netMinor: a.netMinor + b.netMinor,
  vatMinor: a.vatMinor + b.vatMinor,
  refundedMinor: a.refundedMinor + b.refundedMinor,
  writtenOffMinor: a.writtenOffMinor + b.writtenOffMinor,
})
