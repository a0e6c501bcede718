import type { Figures } from '../../../contracts/http/numbers.ts'
import type { DayCounts } from './day-counts.ts'
import { percentileOf } from './spread.ts'

const perUnit = (sum: number, of: number): number | null => (of === 0 ? null : sum / of)
const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits

/** What the desk reads, from what was counted. Null where there was nothing to divide by. */
export function figuresOf(counts: DayCounts): Figures {
  const unlocks = counts.opened + counts.refused + counts.jammed + counts.unanswered
  const takenUp = counts.takenUp.reduce((sum, [, count]) => sum + count, 0)
  return {
    rides: counts.rides,
    tripsPerBike: rounded(perUnit(counts.sampledRides, counts.bikeDays), 3),
    bikesInService: rounded(perUnit(counts.bikeDays, counts.sampledDays), 1),
    meanRideMinutes: rounded(perUnit(counts.rideMs / 60_000, counts.endedRides), 2),
    meanStraightM: rounded(perUnit(counts.straightM, counts.placedRides), 0),
    availability: rounded(perUnit(counts.hotspotWithBike, counts.hotspotSamples), 4),
    unlocks,
    opened: counts.opened,
    refused: counts.refused,
    jammed: counts.jammed,
    unanswered: counts.unanswered,
    lockSuccess: rounded(perUnit(counts.opened, unlocks), 4),
    openMsP50: percentileOf(counts.openings, 0.5),
    openMsP95: percentileOf(counts.openings, 0.95),
    searches: counts.searches,
    unmetSearches: counts.unmetSearches,
    failedScans: counts.failedScans,
    unmet: counts.unmetSearches + counts.failedScans,
    stranded: counts.notClosed + counts.notHeard + counts.notAnswered,
    strandedNotClosed: counts.notClosed,
    strandedNotHeard: counts.notHeard,
    strandedNotAnswered: counts.notAnswered,
    alarms: counts.alarms,
    alarmsTakenUp: takenUp,
    takeUpMsP50: percentileOf(counts.takenUp, 0.5),
  }
}
