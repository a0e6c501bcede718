import { chain, type LikelyDays, type MissedRide, nearby } from './missed-rides.ts'
import { walkM } from './replay.ts'

/** Where bikes are wanted, and what each further one is expected to win there. */
export interface WantedPlace {
  readonly x: number
  readonly y: number
  /** Rides won by the first, second … bike; never rising. */
  readonly gains: readonly number[]
}

/** Candidates closer than this are one place. */
const candidateCellM = 80
/** The links between missed rides are made anew after so many bikes. */
const relinkEvery = 25

/**
 * Puts one bike after another where it wins most on the likely days, given those before it: the first ride that is missed
 * within a walk of it on each day, and those that follow. Greedy on a monotone submodular sum (Nemhauser, Wolsey, Fisher
 * 1978), lazily evaluated (Minoux 1978).
 *
 * @param starts where rides of the past began: candidates
 * @param most bikes that are placed at most
 * @param least rides below which another bike is not worth its way
 */
export function wantedPlaces(
  days: LikelyDays,
  starts: readonly { readonly x: number; readonly y: number }[],
  most: number,
  least: number,
): WantedPlace[] {
  const near = nearby(days.missed, walkM)
  const candidates = [...onePerCell(starts)].map(({ x, y }) => ({
    x,
    y,
    rides: byTime(near(x, y)),
    gains: [] as number[],
  }))
  const gainOf = gainCounter(days.samples)
  const queue = candidates
    .map((candidate) => ({ candidate, gain: gainOf(candidate.rides) }))
    .filter(({ gain }) => gain >= least)
    .sort((a, b) => b.gain - a.gain)
  for (let placed = 0; placed < most; ) {
    const top = queue[0]
    if (top === undefined) break
    top.gain = gainOf(top.candidate.rides)
    if (top.gain < least) {
      queue.shift()
      continue
    }
    if (sinkToItsPlace(queue)) continue
    top.candidate.gains.push(Math.min(top.gain, top.candidate.gains.at(-1) ?? Number.POSITIVE_INFINITY))
    serveFirst(top.candidate.rides, days.samples)
    placed++
    if (placed % relinkEvery === 0) relink(days)
  }
  return candidates.filter(({ gains }) => gains.length > 0).map(({ x, y, gains }) => ({ x, y, gains }))
}

const byTime = (rides: MissedRide[]): MissedRide[] => rides.sort((a, b) => a.startS - b.startS)

function* onePerCell(starts: readonly { readonly x: number; readonly y: number }[]) {
  const seen = new Set<number>()
  for (const { x, y } of starts) {
    const key = Math.round(x / candidateCellM) * 1_000_003 + Math.round(y / candidateCellM)
    if (seen.has(key)) continue
    seen.add(key)
    yield { x, y }
  }
}

/** The mean over the days of what the first open ride of the day is worth. */
function gainCounter(samples: number): (rides: readonly MissedRide[]) => number {
  const seenAt = new Int32Array(samples)
  let round = 0
  return (rides) => {
    round++
    let sum = 0
    for (const ride of rides) {
      if (!ride.isOpen || seenAt[ride.sample] === round) continue
      seenAt[ride.sample] = round
      sum += ride.value
    }
    return sum / samples
  }
}

/** On each day the bike that was put here serves the first open ride and those linked to it. */
function serveFirst(rides: readonly MissedRide[], samples: number): void {
  const isServed = new Uint8Array(samples)
  for (const ride of rides) {
    if (!ride.isOpen || isServed[ride.sample] === 1) continue
    isServed[ride.sample] = 1
    for (let served: MissedRide | null = ride; served !== null; served = served.next) served.isOpen = false
  }
}

function relink({ missed, samples }: LikelyDays): void {
  const bySample: MissedRide[][] = Array.from({ length: samples }, () => [])
  for (const ride of missed) if (ride.isOpen) bySample[ride.sample]?.push(ride)
  for (const ofDay of bySample) chain(ofDay)
}

/** Moves the first of the queue behind those that are worth more; whether it moved. */
function sinkToItsPlace(queue: { gain: number }[]): boolean {
  const top = queue[0] as { gain: number }
  let at = 0
  for (let next = queue[1]; next !== undefined && next.gain > top.gain; next = queue[at + 1]) {
    queue[at] = next
    at++
  }
  queue[at] = top
  return at > 0
}
