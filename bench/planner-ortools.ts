import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { NightProblem } from '../server/rebalancing/core/night-problem.ts'

/**
 * OR-Tools' routing solver on a night, as its npm package allows: run as a child process, since a solve can't be
 * stopped. It is told the problem and says the visiting orders of each strategy that ends in time.
 */
export const orToolsPackage = 'or-tools-wasm@0.9.1'
export const peersFolder = new URL('../.cache/peers/', import.meta.url)
const moduleUrl = new URL('node_modules/or-tools-wasm/build/javascript/node/routing.js', peersFolder)
const pieceBikes = 5
/** Costs are whole numbers there. */
const unitsPerRide = 1_000

interface Piece {
  readonly place: number
  /** Signed bikes. */
  readonly load: number
  readonly value: number
}

interface Manager {
  readonly ready: Promise<void>
  IndexToNode(index: number): number
  NodeToIndex(node: number): number
}
interface Assigned {
  Value(index: number): number
}
interface Model {
  readonly ready: Promise<void>
  RegisterTransitMatrix(matrix: number[][]): number
  RegisterUnaryTransitVector(values: number[]): number
  SetArcCostEvaluatorOfAllVehicles(evaluator: number): void
  AddDimension(evaluator: number, slack: number, capacity: number, fromZero: boolean, name: string): boolean
  AddDimensionWithVehicleCapacity(
    evaluator: number,
    slack: number,
    capacities: number[],
    fromZero: boolean,
    name: string,
  ): boolean
  AddDisjunction(indices: number[], penalty: number): number
  SolveWithParameters(parameters: object): Promise<Assigned | null>
  Start(vehicle: number): number
  IsEnd(index: number): boolean
  NextVar(index: number): number
}
interface Routing {
  initRouting(): Promise<void>
  RoutingIndexManager: new (nodes: number, vehicles: number, starts: number[], ends: number[]) => Manager
  RoutingModel: new (manager: Manager) => Model
  FirstSolutionStrategy: Record<string, number>
  DefaultRoutingSearchParameters(): object
}

export const isInstalled = (): boolean => existsSync(moduleUrl)

export async function makePeersFolder(): Promise<string> {
  await mkdir(peersFolder, { recursive: true })
  return peersFolder.pathname
}

/**
 * What it can't be told: windows, broken bikes that leave the van before the end, quantities that are free. A price per
 * bike moves part of the rides won by giving to the taking: it changes only what bikes left in the van count.
 */
function piecesOf(problem: NightProblem, pricePerBike: number): Piece[] {
  return problem.places.flatMap((place, at) => {
    if (place.kind === 'depot') return []
    return [
      ...cut(place.takeValues, at, { sign: 1, extra: pricePerBike }),
      ...cut(place.giveValues, at, { sign: -1, extra: -pricePerBike }),
      ...cut(place.brokenValues, at, { sign: 1, extra: 0 }),
    ]
  })
}

function cut(values: readonly number[], place: number, of: { sign: number; extra: number }): Piece[] {
  const pieces: Piece[] = []
  for (let from = 0; from < values.length; from += pieceBikes) {
    const part = values.slice(from, from + pieceBikes)
    const value = part.reduce((sum, one) => sum + one + of.extra, 0)
    pieces.push({ place, load: of.sign * part.length, value })
  }
  return pieces
}

interface Wish {
  readonly strategy: string
  readonly pricePerBike: number
  /** Plans after which it ends, null for as many as the descent finds. */
  readonly solutions: number | null
}

async function solve(problem: NightProblem, wish: Wish): Promise<number[][]> {
  const { strategy, pricePerBike, solutions } = wish
  const routing = (await import(pathToFileURL(moduleUrl.pathname).href)) as Routing
  await routing.initRouting()
  const n = problem.places.length
  const pieces = piecesOf(problem, pricePerBike)
  const nodes = [...problem.places.map((_, place) => ({ place, load: 0, value: 0 })), ...pieces]
  const { perBikeS, stopS } = problem.handling
  const secondsAt = (node: Piece): number => Math.abs(node.load) * perBikeS
  const seconds = nodes.map((from) =>
    nodes.map((to) => {
      const driveS = problem.driveS[from.place * n + to.place] ?? 0
      return Math.round(driveS + (from.place === to.place || to.load === 0 ? 0 : stopS) + secondsAt(to))
    }),
  )
  const { ridesPerKm, ridesPerHour } = problem.costs
  const costs = nodes.map((from, f) =>
    nodes.map((to, t) => {
      const km = (problem.distanceM[from.place * n + to.place] ?? 0) / 1_000
      const rides = km * ridesPerKm + ((seconds[f]?.[t] ?? 0) / 3_600) * ridesPerHour + Math.max(0, -to.value)
      return Math.round(rides * unitsPerRide)
    }),
  )
  const manager = new routing.RoutingIndexManager(
    nodes.length,
    problem.vans.length,
    problem.vans.map((van) => van.startPlace),
    problem.vans.map((van) => van.endPlace),
  )
  await manager.ready
  const model = new routing.RoutingModel(manager)
  await model.ready
  model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(costs))
  const loads = model.RegisterUnaryTransitVector(nodes.map(({ load }) => load))
  const capacities = problem.vans.map(({ capacity }) => capacity)
  model.AddDimensionWithVehicleCapacity(loads, 0, capacities, true, 'load')
  const shiftS = Math.min(...problem.vans.map((van) => van.endS - van.startS))
  model.AddDimension(model.RegisterTransitMatrix(seconds), 0, Math.floor(shiftS), true, 'time')
  const ends = new Set(problem.vans.flatMap((van) => [van.startPlace, van.endPlace]))
  nodes.forEach(({ value }, node) => {
    if (!ends.has(node)) {
      model.AddDisjunction([manager.NodeToIndex(node)], Math.round(Math.max(0, value) * unitsPerRide))
    }
  })
  const parameters = routing.DefaultRoutingSearchParameters()
  Object.assign(parameters, { firstSolutionStrategy: routing.FirstSolutionStrategy[strategy] })
  if (solutions !== null) Object.assign(parameters, { solution_limit: solutions })
  const assigned = await model.SolveWithParameters(parameters)
  if (assigned === null) return problem.vans.map(() => [])
  return problem.vans.map((_, van) => {
    const order: number[] = []
    for (let index = model.Start(van); !model.IsEnd(index); index = assigned.Value(model.NextVar(index))) {
      const node = manager.IndexToNode(index)
      if (node >= n) order.push(nodes[node]?.place ?? 0)
    }
    return order
  })
}

const isChild = process.argv[1] === new URL(import.meta.url).pathname && process.send !== undefined

async function solveAll(problem: NightProblem): Promise<void> {
  const gives = problem.places.flatMap((place) => (place.kind === 'stop' ? place.giveValues : []))
  const mean = gives.reduce((sum, value) => sum + value, 0) / Math.max(1, gives.length)
  // From quick to thorough: what has not ended when the time is over does not count.
  const strategies = ['PARALLEL_CHEAPEST_INSERTION', 'LOCAL_CHEAPEST_INSERTION', 'PATH_CHEAPEST_ARC']
  for (const solutions of [1, 300, null]) {
    for (const strategy of strategies) {
      for (const pricePerBike of [mean / 2, 0]) {
        const beganMs = performance.now()
        const orders = await solve(problem, { strategy, pricePerBike, solutions })
        const seconds = (performance.now() - beganMs) / 1_000
        process.send?.({ strategy, price: pricePerBike, solutions, seconds, orders })
      }
    }
  }
  process.exit(0)
}

if (isChild) {
  process.once('message', (problem: NightProblem) => {
    solveAll(problem).catch((fault: unknown) => {
      process.send?.({ fault: String(fault) })
      process.exit(1)
    })
  })
}
