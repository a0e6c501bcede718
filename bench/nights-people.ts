import { type Random, seededRandom } from '../contracts/random.ts'
import { distanceM, type Position } from '../contracts/units.ts'
import { defaultCentre, type PlacesFile, type StreetsFile } from '../demo-city/city-files.ts'
import { planCity } from '../demo-city/core/city-plan.ts'
import { findPlaces } from '../demo-city/core/places.ts'
import { streetGraph } from '../demo-city/core/street-graph.ts'
import { pointAlong } from '../demo-city/point-along.ts'
import { buildRouter } from '../demo-city/routing.ts'
import { expectedDepartures, shareRiding } from '../lock-simulator/city/core/demand.ts'
import { firstPosition } from '../lock-simulator/city/core/first-positions.ts'
import { type Journey, planJourney } from '../lock-simulator/city/core/journey.ts'
import { parkingNode, stepAside, stopShortM } from '../lock-simulator/city/core/parking.ts'
import { makePopulation } from '../lock-simulator/city/core/population.ts'
import { createLocalTime } from '../lock-simulator/city/local-time.ts'

/** The demo city: its streets, its places and the way between two of them. */
export interface BenchCity {
  readonly streets: StreetsFile
  readonly places: PlacesFile
  positionOf(node: number): Position
  /** Where a ride to `node` ends that stops `shortM` before it, and how long it is. */
  rideTo(from: Position, node: number, shortM: number): { readonly end: Position; readonly lengthM: number }
}

const citySeed = 1
const cityRadiusM = 3_300

/** The city of the demo (seed 1), made anew without its tiles. */
export function makeBenchCity(report: (line: string) => void): BenchCity {
  const plan = planCity(citySeed, cityRadiusM, report)
  const streets = streetGraph(plan.streets, citySeed, defaultCentre)
  const places = findPlaces(plan, streets, defaultCentre)
  const router = buildRouter(streets)
  const positionOf = (node: number): Position => {
    const [lon, lat] = streets.nodes[node] ?? [places.centre.lon, places.centre.lat]
    return { lon, lat }
  }
  return {
    streets,
    places,
    positionOf,
    rideTo: (from, node, shortM) => {
      const way = router.route(router.nearestNode(from.lon, from.lat), node)
      if (way === null) return { end: positionOf(node), lengthM: 0 }
      const lengthM = Math.max(1, way.lengthM - shortM)
      return { end: pointAlong(streets, way.nodes, lengthM), lengthM }
    },
  }
}

/** Somebody who sets out: who, when, where from and what for does not hang on any bike. */
export interface Departure {
  readonly index: number
  readonly atMs: number
  readonly from: Position
  readonly journey: Journey
  readonly paceMps: number
}

const ridersPerBike = 2
const stepMs = 30_000
const drawsPerDeparture = 40
const shortestJourneyM = 800
const dayMs = 86_400_000
const dayBeginsMs = 4 * 3_600_000
/** Nobody sets out anew before the ride would be over, by bike or by bus. */
const awayMs = { atLeast: 300_000, perM: 320 }

/**
 * Everybody who sets out between two moments, by the simulator's own population, demand curve and journeys. As many as
 * keep the curve's share of the bikes riding when everybody finds one; who finds none takes the bus, and is at the same
 * place afterwards.
 */
export function departures(city: BenchCity, seed: string, bikes: number, fromMs: number, toMs: number): Departure[] {
  const people = makePopulation(seededRandom(seed, 'riders'), bikes * ridersPerBike, city.places).map((person) => {
    return { person, atNode: person.home, awayTillMs: 0, day: 0 }
  })
  const localTime = createLocalTime('Europe/Amsterdam')
  const random = seededRandom(seed, 'departures')
  const all: Departure[] = []
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const time = localTime(atMs)
    const wanted = Math.floor(expectedDepartures(time, bikes, shareRiding(time) * bikes, stepMs) + random.next())
    for (let n = 0; n < wanted; n++) setOneOut(atMs + random.integer(0, stepMs - 1))
  }
  return all.sort((a, b) => a.atMs - b.atMs)

  function setOneOut(atMs: number): void {
    const today = Math.floor((atMs - dayBeginsMs) / dayMs)
    for (let draws = 0; draws < drawsPerDeparture; draws++) {
      const one = random.pick(people)
      if (one.awayTillMs > atMs) continue
      if (one.day !== today) one.atNode = one.person.home
      one.day = today
      const journey = planJourney(one.person, one.atNode, localTime(atMs), city.places.leisure, random)
      if (journey === null) continue
      const from = city.positionOf(one.atNode)
      const farM = distanceM(from, city.positionOf(journey.toNode))
      if (farM < shortestJourneyM) continue
      one.atNode = journey.toNode
      one.awayTillMs = atMs + awayMs.atLeast + farM * awayMs.perM
      all.push({ index: all.length, atMs, from, journey, paceMps: one.person.pace })
      return
    }
  }
}

export const firstPlaces = (city: BenchCity, seed: string, bikes: number): Position[] =>
  Array.from({ length: bikes }, (_, n) => {
    const { homes, hotspots } = city.places
    return firstPosition({ nodes: city.streets.nodes, homes, hotspots }, seededRandom(seed, `first place ${n}`))
  })

const freeExitAfterM = 140

/** Where and when this ride ends that begins at a bike; the same chance whatever bike it is. */
export function rideOf(
  city: BenchCity,
  seed: string,
  { index, journey, paceMps }: Departure,
  from: Position,
): { readonly end: Position; readonly tookMs: number } {
  const random: Random = seededRandom(seed, `ride ${index}`)
  const wanted = city.positionOf(journey.toNode)
  const { node, isHotspot } = parkingNode(journey.toNode, wanted, journey.parksAtHotspot, city.places.hotspots)
  if (journey.freeExit !== null) {
    const tookMs = (freeExitAfterM / paceMps) * 1_000
    return { end: stepAside(from, false, random), tookMs }
  }
  const { end, lengthM } = city.rideTo(from, node, stopShortM(isHotspot, random))
  return {
    end: stepAside(end, isHotspot, random),
    tookMs: (lengthM / paceMps) * 1_000 + (journey.pause?.lastsMs ?? 0),
  }
}
