import type { NightPlan } from '../night-plan.ts'
import type { NightProblem, Van, Window } from '../night-problem.ts'
import { assemblePlan } from './assemble-plan.ts'
import { addVisit, emptyVisits, type RouteVisits } from './quantify-routes.ts'

/** Hotspots that share one load. */
const hotspotsPerLoad = 4

/**
 * The mover that operators know, as a baseline: each van drives to the nearest strays until it is full, then shares its
 * load among the hotspots that lack most, in proportion to what they lack, and again until the shift ends. It neither
 * looks at values nor takes broken bikes; its plan keeps all rules that the problem's own vans keep.
 */
export function proportionalPlan(problem: NightProblem): NightPlan {
  const stock: Stock = {
    take: problem.places.map((place) => (place.kind === 'stop' ? place.takeBikes.length : 0)),
    give: problem.places.map((place) => (place.kind === 'stop' ? place.giveValues.length : 0)),
  }
  const movers = problem.vans.map((van) => openMover(problem, van))
  const busy = new Set(movers)
  while (busy.size > 0) for (const mover of busy) if (!moveOneLoad(mover, stock)) busy.delete(mover)
  return assemblePlan(
    problem,
    movers.map((mover) => mover.visits),
  )
}

/** Bikes left to take and spaces left to fill, by place. */
interface Stock {
  readonly take: number[]
  readonly give: number[]
}

interface Mover {
  readonly problem: NightProblem
  readonly van: Van
  readonly visits: RouteVisits
  place: number
  nowS: number
  usable: number
  broken: number
}

function openMover(problem: NightProblem, van: Van): Mover {
  const mover: Mover = {
    problem,
    van,
    visits: emptyVisits(),
    place: van.startPlace,
    nowS: van.startS,
    usable: van.usableAtStart,
    broken: van.brokenAtStart,
  }
  for (const place of van.lockedPlaces) visit(mover, { place, take: 0, give: 0 })
  if (van.brokenAtStart > 0 && !isWorkshop(problem, van.endPlace)) {
    const workshops = problem.places.flatMap((_, at) => (isWorkshop(problem, at) ? [at] : []))
    const nearest = nearestOf(mover, workshops, () => true)
    if (nearest !== null) visit(mover, { place: nearest, take: 0, give: 0 })
  }
  return mover
}

function isWorkshop(problem: NightProblem, at: number): boolean {
  const place = problem.places[at]
  return place?.kind === 'depot' && place.isWorkshop
}

interface Work {
  readonly place: number
  readonly take: number
  readonly give: number
}

/** False when nothing was put down: no strays, no room, or no time. */
function moveOneLoad(mover: Mover, stock: Stock): boolean {
  fillUp(mover, stock)
  const lacking = stock.give
    .map((give, place) => ({ place, give }))
    .filter(({ give, place }) => give > 0 && fits(mover, { place, take: 0, give: 1 }))
    .sort((a, b) => b.give - a.give || a.place - b.place)
    .slice(0, hotspotsPerLoad)
  const lackingInAll = lacking.reduce((sum, { give }) => sum + give, 0)
  const load = mover.usable
  const shares = new Map(
    lacking.map(({ place, give }) => [place, Math.min(give, Math.ceil((load * give) / lackingInAll))] as const),
  )
  let moved = false
  while (shares.size > 0 && mover.usable > 0) {
    const place = nearestOf(mover, [...shares.keys()], () => true)
    if (place === null) break
    const work = mostThatFits(mover, { place, take: 0, give: Math.min(mover.usable, shares.get(place) ?? 0) })
    shares.delete(place)
    if (work.give === 0) continue
    visit(mover, work)
    stock.give[place] = (stock.give[place] ?? 0) - work.give
    moved = true
  }
  return moved
}

function fillUp(mover: Mover, stock: Stock): void {
  const strays = stock.take.map((_, place) => place)
  for (;;) {
    const room = mover.van.capacity - mover.usable - mover.broken
    if (room === 0) return
    const place = nearestOf(
      mover,
      strays,
      (at) =>
        (stock.take[at] ?? 0) > 0 && fits(mover, { place: at, take: Math.min(room, stock.take[at] ?? 0), give: 0 }),
    )
    if (place === null) return
    const take = Math.min(room, stock.take[place] ?? 0)
    visit(mover, { place, take, give: 0 })
    stock.take[place] = (stock.take[place] ?? 0) - take
  }
}

function nearestOf(mover: Mover, places: readonly number[], holds: (place: number) => boolean): number | null {
  let nearest: number | null = null
  let leastS = Number.POSITIVE_INFINITY
  for (const place of places) {
    const legS = driveS(mover.problem, mover.place, place)
    if (legS >= leastS || !holds(place)) continue
    nearest = place
    leastS = legS
  }
  return nearest
}

const driveS = (problem: NightProblem, from: number, to: number): number =>
  problem.driveS[from * problem.places.length + to] ?? Number.POSITIVE_INFINITY

function serviceS(mover: Mover, place: number): number {
  const arriveS = mover.nowS + driveS(mover.problem, mover.place, place)
  return Math.max(arriveS, windowOf(mover, place)?.openS ?? arriveS)
}

function windowOf(mover: Mover, place: number): Window | null {
  const stop = mover.problem.places[place]
  return stop?.kind === 'stop' ? stop.window : null
}

function departS(mover: Mover, work: Work): number {
  const { stopS, perBikeS } = mover.problem.handling
  return serviceS(mover, work.place) + stopS + (work.take + work.give) * perBikeS
}

function fits(mover: Mover, work: Work): boolean {
  const window = windowOf(mover, work.place)
  if (window !== null && serviceS(mover, work.place) > window.closeS) return false
  const unloadS = mover.broken * mover.problem.handling.perBikeS
  return departS(mover, work) + driveS(mover.problem, work.place, mover.van.endPlace) + unloadS <= mover.van.endS
}

function mostThatFits(mover: Mover, work: Work): Work {
  for (let give = work.give; give > 0; give--) if (fits(mover, { ...work, give })) return { ...work, give }
  return { ...work, give: 0 }
}

function visit(mover: Mover, work: Work): void {
  const unloads = isWorkshop(mover.problem, work.place)
  mover.nowS = departS(mover, work) + (unloads ? mover.broken * mover.problem.handling.perBikeS : 0)
  if (unloads) mover.broken = 0
  mover.usable += work.take - work.give
  mover.place = work.place
  addVisit(mover.visits, work.place)
  const last = mover.visits.place.length - 1
  mover.visits.take[last] = work.take
  mover.visits.give[last] = work.give
}
