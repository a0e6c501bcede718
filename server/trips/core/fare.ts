import type { FareLine, FreeExitReason } from '../../../contracts/http/trips.ts'
import { type EpochMs, type MinorUnits, minor } from '../../../contracts/units.ts'
import { feeLineOf, type KeptParking } from './parking.ts'

/** One version of the prices. A trip keeps the version it started with. */
export interface Tariff {
  readonly tariffId: string
  readonly currency: string
  readonly unlockMinor: number
  readonly perMinuteMinor: number
  readonly pausePerMinuteMinor: number
  /** Most that any 24 hours of one trip cost. */
  readonly dayCapMinor: number
  /** A ride up to this long costs nothing when the rider says what was wrong. */
  readonly freeExitMs: number
  readonly holdMinor: number
  readonly vatPercent: number
  /** Leaving the bike out of the service area, or where parking is not allowed; off the price for leaving it at a hotspot. */
  readonly wrongPlaceMinor: number
  readonly noParkingMinor: number
  readonly hotspotRewardMinor: number
  /** So long after the end the rider may still leave the bike right. */
  readonly putRightMs: number
}

/** Lines of the price that staff may drop. */
export const waivableLines = ['unlock', 'ride_minutes', 'pause_minutes', 'wrong_place', 'no_parking'] as const
export type WaivableLine = (typeof waivableLines)[number]

/** What colleagues changed of a price; it only ever makes a ride cheaper. */
export interface Goodwill {
  readonly waived: readonly WaivableLine[]
  /** Given back of the price, on top of everything else. */
  readonly givenBackMinor: number
}
export const noGoodwill: Goodwill = { waived: [], givenBackMinor: 0 }

/**
 * After `amountMinor` of a price went back. What of the waived lines went back before is in them now, so that price and
 * what is due stay the same.
 * @param lines of the price until now
 */
export function goodwillWith(
  before: Goodwill,
  { amountMinor, waived }: { readonly amountMinor: number; readonly waived: readonly WaivableLine[] },
  lines: readonly FareLine[],
): Goodwill {
  const dropped = new Set<string>(waived)
  const droppedMinor = sum(lines.filter(({ key }) => dropped.has(key)))
  return {
    waived: waivableLines.filter((one) => dropped.has(one) || before.waived.includes(one)),
    givenBackMinor: Math.max(0, before.givenBackMinor + amountMinor - droppedMinor),
  }
}

export interface FareInput {
  readonly startedAt: EpochMs
  readonly endedAt: EpochMs
  /** Part of the time between start and end that the ride was paused. */
  readonly pausedMs: number
  readonly freeExitReason: FreeExitReason | null
  /** The lock could not close or was not heard: the unlock fee is not asked. */
  readonly lockFault: boolean
  readonly goodwill?: Goodwill
  /** Where it was left; nothing while the ride runs. */
  readonly parking?: Pick<KeptParking, 'verdict' | 'feeMinor' | 'rewardMinor' | 'clearedMinor' | 'putRight'> | null
}

export interface Fare {
  readonly currency: string
  readonly total: MinorUnits
  readonly lines: readonly FareLine[]
}

const minuteMs = 60_000
const dayMs = 86_400_000

/**
 * What a ride costs, with the reason of each line. Minutes are started minutes: ridden and paused time are rounded up
 * apart. Rounding happens here and nowhere else. A negative duration (clocks) counts as zero.
 */
export function priceRide(tariff: Tariff, input: FareInput): Fare {
  const wholeMs = Math.max(0, input.endedAt - input.startedAt)
  const pausedMs = Math.min(Math.max(0, input.pausedMs), wholeMs)
  const rideMinutes = Math.ceil((wholeMs - pausedMs) / minuteMs)
  const pauseMinutes = Math.ceil(pausedMs / minuteMs)
  const { waived, givenBackMinor } = input.goodwill ?? noGoodwill
  const full: readonly FareLine[] = [
    line('unlock', 1, tariff.unlockMinor),
    line('ride_minutes', rideMinutes, tariff.perMinuteMinor),
    line('pause_minutes', pauseMinutes, tariff.pausePerMinuteMinor),
  ]
  const lines = [...full, ...full.flatMap((one) => waiverOf(one, waived))]
  const days = Math.max(1, Math.ceil(wholeMs / dayMs))
  const overCap = sum(lines) - days * tariff.dayCapMinor
  if (overCap > 0) lines.push(line('day_cap', 1, -overCap))
  const due = sum(lines)
  const isFreeExit = input.freeExitReason !== null && wholeMs <= tariff.freeExitMs
  if (isFreeExit) lines.push(line('free_exit', 1, -due))
  else if (input.lockFault) lines.push(line('lock_fault', 1, -Math.min(due, tariff.unlockMinor)))
  // A ride that we failed pays for no place; one that put a bike right costs nothing all the same.
  if (!isFreeExit && (!input.lockFault || input.parking?.putRight))
    lines.push(...parkingLines(tariff, input, sum(lines)))
  if (givenBackMinor > 0) lines.push(line('given_back', 1, -Math.min(givenBackMinor, sum(lines))))
  const kept = lines.filter((l) => l.amount !== 0)
  return { currency: tariff.currency, total: minor(sum(kept)), lines: kept }
}

/** What is kept of a place: its fee and its reward as they are on the bill, within the hold and the price. */
export function asBilled(parking: KeptParking, lines: readonly FareLine[]): KeptParking {
  const on = (keys: readonly FareLine['key'][]) =>
    lines.reduce((total, { key, amount }) => (keys.includes(key) ? total + amount : total), 0)
  const feeMinor = on(['wrong_place', 'no_parking', 'waived_wrong_place', 'waived_no_parking'])
  // 0 - 0, and not -0.
  const rewardMinor = 0 - on(['hotspot_reward'])
  return { ...parking, feeMinor, rewardMinor, clearableUntil: feeMinor > 0 ? parking.clearableUntil : null }
}

/** What its place adds to a ride that costs `ride` so far: a fee within the hold, or a reward within the price. */
function parkingLines({ holdMinor }: Tariff, { parking, goodwill }: FareInput, ride: number): readonly FareLine[] {
  if (!parking) return []
  const { verdict, feeMinor, rewardMinor, clearedMinor, putRight } = parking
  if (putRight) return [line('put_right', 1, -ride)]
  if (rewardMinor > 0) return [line('hotspot_reward', 1, -Math.min(rewardMinor, ride))]
  const asked = Math.min(feeMinor, Math.max(0, holdMinor - ride))
  if (asked === 0 || (verdict !== 'outside_area' && verdict !== 'no_parking')) return []
  const fee = line(feeLineOf(verdict), 1, asked)
  const waived = waiverOf(fee, (goodwill ?? noGoodwill).waived)
  return [fee, ...waived, ...(waived.length === 0 ? [line('put_right', 1, -Math.min(clearedMinor, asked))] : [])]
}

function waiverOf({ key, amount }: FareLine, waived: readonly WaivableLine[]): FareLine[] {
  const dropped = waived.find((one) => one === key)
  return dropped === undefined ? [] : [line(`waived_${dropped}`, 1, -amount)]
}

const line = (key: FareLine['key'], quantity: number, unitAmount: number): FareLine => ({
  key,
  quantity,
  unitAmount,
  // 0 × -n would be -0, which JSON and comparisons tell apart.
  amount: quantity * unitAmount || 0,
})
const sum = (lines: readonly FareLine[]) => lines.reduce((total, l) => total + l.amount, 0)
