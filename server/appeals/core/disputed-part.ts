import type { AppealAbout } from '../../../contracts/http/appeals.ts'
import type { FareLine } from '../../../contracts/http/trips.ts'

/**
 * Lines that parking at a wrong place makes; what was put right again stands against them, and so does what was given
 * back, of whatever: it counts as part of the fee, as where a bike is put right.
 */
const ofParking: ReadonlySet<FareLine['key']> = new Set([
  'wrong_place',
  'no_parking',
  'put_right',
  'given_back',
  'waived_wrong_place',
  'waived_no_parking',
])

/**
 * What an appeal asks for, in minor units: the parking fee where it is about the place, else everything.
 * @param dueMinor what the rider owes for the ride by now: never more than that is disputed
 */
export function disputedPart(about: AppealAbout, lines: readonly FareLine[], dueMinor: number): number {
  if (about !== 'wrong_place') return dueMinor
  const fee = lines.reduce((sum, line) => sum + (ofParking.has(line.key) ? line.amount : 0), 0)
  return Math.min(Math.max(0, fee), dueMinor)
}
