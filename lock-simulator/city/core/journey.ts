import type { FreeExitReason } from '../../../contracts/http/trips.ts'
import type { Random } from '../../../contracts/random.ts'
import { isWeekend, type LocalTime, type Purpose, purposeWeights } from './demand.ts'
import { weightedDraw } from './draw-weighted.ts'
import type { Person } from './population.ts'

/** Everything that a rider will want on the way, drawn before the first step: the rest of the ride has no chance in it. */
export interface Journey {
  readonly purpose: Purpose
  /** Street node the rider wants to be at. */
  readonly toNode: number
  /** Bikes tried before the rider takes the bus. */
  readonly bikeTries: number
  /** After a failed unlock: the same bike once more, before looking for another. */
  readonly triesSameBikeAgain: boolean
  readonly payer: 'approve' | 'decline' | 'ignore'
  readonly pause: { readonly afterShare: number; readonly lastsMs: number } | null
  readonly freeExit: FreeExitReason | null
  readonly parksAtHotspot: boolean
}

export interface LeisurePlace {
  readonly nodeIndex: number
  readonly kind: string
  readonly weight: number
}

const bikeTries = 3
const declineChance = 0.015
const ignoreChance = 0.01
const pauseChance = 0.07
const pauseMs = { from: 120_000, to: 600_000 }
const freeExitChance = 0.015
const freeExitReasons: readonly FreeExitReason[] = ['brakes', 'tyre', 'chain', 'saddle', 'lock', 'changed_my_mind']

/** Where this person would go now; null when that is where the person already is. */
export function planJourney(
  person: Person,
  atNode: number,
  time: LocalTime,
  leisure: readonly LeisurePlace[],
  random: Random,
): Journey | null {
  const weights = purposeWeights(time)
  const purpose = weightedDraw<Purpose>([
    ['work', weights.work],
    ['home', weights.home],
    ['leisure', weights.leisure],
  ])(random)
  const toNode = placeFor(purpose, person, time, leisure, random)
  if (toNode === null || toNode === atNode) return null
  return {
    purpose,
    toNode,
    bikeTries,
    triesSameBikeAgain: random.chance(0.5),
    payer: payerMood(random),
    pause: random.chance(pauseChance)
      ? { afterShare: 0.3 + 0.4 * random.next(), lastsMs: random.integer(pauseMs.from, pauseMs.to) }
      : null,
    freeExit: random.chance(freeExitChance) ? random.pick(freeExitReasons) : null,
    parksAtHotspot: random.chance(person.tidiness),
  }
}

function placeFor(
  purpose: Purpose,
  person: Person,
  time: LocalTime,
  leisure: readonly LeisurePlace[],
  random: Random,
): number | null {
  switch (purpose) {
    case 'work':
      return person.work
    case 'home':
      return person.home
    case 'leisure': {
      const open = leisure.filter((place) => attraction(place, time) > 0)
      if (open.length === 0) return null
      return weightedDraw(open.map((place) => [place.nodeIndex, attraction(place, time)] as const))(random)
    }
  }
}

const daytime = new Set(['museum', 'library', 'townhall', 'market', 'shops', 'university'])
const outdoors = new Set(['park', 'marina', 'stadium'])

/** How much a place draws people now: museums are shut at night, parks fill at weekends, theatres in the evening. */
export function attraction({ kind, weight }: LeisurePlace, time: LocalTime): number {
  const isDay = time.hour >= 8 && time.hour < 19
  if (daytime.has(kind)) return isDay ? weight : 0
  if (outdoors.has(kind)) return isDay ? weight * (isWeekend(time) ? 3 : 1) : weight * 0.1
  if (kind === 'theatre') return time.hour >= 18 ? weight * 3 : weight * 0.2
  return weight
}

function payerMood(random: Random): Journey['payer'] {
  const mood = random.next()
  if (mood < declineChance) return 'decline'
  return mood < declineChance + ignoreChance ? 'ignore' : 'approve'
}
