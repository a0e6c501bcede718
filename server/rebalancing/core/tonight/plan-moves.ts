import type { NightPlan, PlannedStop } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'

/** A bike's way through the night. */
export interface Move {
  readonly bikeId: string
  readonly vanId: string
  readonly fromPlace: number
  /** Null: it stays in the van until the depot. */
  readonly toPlace: number | null
  readonly takeValue: number
  /** Rides won by putting one more at the other end. */
  readonly giveValue: number
}

/**
 * Each bike with where it goes: the first taken is the first put down, since one is as good as the other. Bikes that
 * were in a van at its start have no move of their own.
 */
export function movesOf(problem: NightProblem, plan: NightPlan): Move[] {
  const given = givenOrder(problem, plan)
  return plan.routes.flatMap(({ vanId, stops }, v) => {
    const moves: Move[] = []
    const inVan: Move[] = []
    for (const [s, stop] of stops.entries()) {
      for (let n = 0; n < stop.give; n++) {
        const isDepot = problem.places[stop.place]?.kind === 'depot'
        const bike = inVan.shift()
        if (bike === undefined) continue
        if (isDepot) moves.push({ ...bike, toPlace: stop.place })
        else moves.push({ ...bike, toPlace: stop.place, giveValue: given.get(`${v}/${s}/${n}`) ?? 0 })
      }
      inVan.push(...takenAt(problem, vanId, stop, stop.take))
      moves.push(
        ...takenAt(problem, vanId, stop, stop.takeBroken).map((move) => ({
          ...move,
          toPlace: stops.slice(s + 1).find(({ giveBroken }) => giveBroken > 0)?.place ?? null,
        })),
      )
    }
    return [...moves, ...inVan]
  })
}

function takenAt(problem: NightProblem, vanId: string, stop: PlannedStop, bikes: readonly string[]): Move[] {
  return bikes.map((bikeId) => ({
    bikeId,
    vanId,
    fromPlace: stop.place,
    toPlace: null,
    takeValue: takeValueOf(problem, stop.place, bikeId),
    giveValue: 0,
  }))
}

/** Rides won by taking this bike away. */
export function takeValueOf(problem: NightProblem, place: number, bikeId: string): number {
  const at = problem.places[place]
  if (at?.kind !== 'stop') return 0
  const index = at.takeBikes.indexOf(bikeId)
  return (index === -1 ? at.brokenValues[at.brokenBikes.indexOf(bikeId)] : at.takeValues[index]) ?? 0
}

/** What the n-th bike of each give is worth: those that come first to a place win most. */
function givenOrder(problem: NightProblem, plan: NightPlan): ReadonlyMap<string, number> {
  const gives = plan.routes
    .flatMap(({ stops }, v) => stops.map((stop, s) => ({ v, s, stop })))
    .filter(({ stop }) => stop.give > 0)
    .sort((a, b) => a.stop.serviceS - b.stop.serviceS)
  const soFar = new Map<number, number>()
  const values = new Map<string, number>()
  for (const { v, s, stop } of gives) {
    const place = problem.places[stop.place]
    for (let n = 0; n < stop.give; n++) {
      const before = soFar.get(stop.place) ?? 0
      soFar.set(stop.place, before + 1)
      values.set(`${v}/${s}/${n}`, place?.kind === 'stop' ? (place.giveValues[before] ?? 0) : 0)
    }
  }
  return values
}
