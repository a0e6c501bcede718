import { assert } from '../../../contracts/assert.ts'
import { fastestWays } from './streets/fastest-ways.ts'
import { largestPart } from './streets/largest-part.ts'
import { metresPerDegree, type NodeGrid, nearestNode, nodeGrid } from './streets/node-grid.ts'
import type { RoadNetwork } from './streets/road-network.ts'
import { shrinkNetwork } from './streets/shrink-network.ts'
import { offStreetMetresPerSecond } from './streets/van-speeds.ts'

/** Streets ready to be asked: every node of `network` can be reached from every other one. */
export interface RoadGraph {
  readonly network: RoadNetwork
  readonly grid: NodeGrid
}

export interface TravelMatrix {
  /** n × n, row-major `[from * n + to]`, the way and its time; asymmetric; infinite to and from unplaced places. */
  readonly distanceM: Float64Array
  readonly driveS: Float64Array
  /** From each place to the node where it meets the streets; infinite for unplaced places. */
  readonly gapM: Float64Array
  /** Places farther than `farFromStreetM` from any street, to be shown to people; the unplaced are among them. */
  readonly far: readonly number[]
  /** Places without a street within `outsideM`. */
  readonly unplaced: readonly number[]
}

export interface Place {
  readonly lon: number
  readonly lat: number
}

/** Farther than across a large square or a park: worth a look at its position. */
const farFromStreetM = 250
/** Outside what the streets cover. */
const outsideM = 2_000
/** Two nodes at one spot; a way must take some time so that the search comes to an end in order. */
const leastArcS = 0.001

/** Keeps the largest part of the network whose nodes all reach each other. Throws for a network without streets. */
export function buildRoadGraph(network: RoadNetwork): RoadGraph {
  const { arcs, nodes } = network
  assert(arcs.from.length > 0, 'a road network has at least one street')
  const inside = (node: number): boolean => node >= 0 && node < nodes.length
  assert(arcs.from.every(inside) && arcs.to.every(inside), 'every street joins nodes that exist')
  assert(arcs.seconds.every((s) => s >= 0) && arcs.lengthM.every((m) => m >= 0), 'streets have a length and a time')
  const timed = { ...arcs, seconds: arcs.seconds.map((s) => Math.max(s, leastArcS)) }
  const kept = largestPart({ nodes, arcs: timed })
  return { network: kept, grid: nodeGrid(kept.nodes) }
}

/**
 * Fastest ways between all places, by driving time, each with its length. A place meets the streets at the nearest node;
 * the gap is added at walking pace. Exact: the streets are shrunk for these places first (`shrink-network.ts`), then
 * searched from each of them.
 */
export function travelMatrix({ network, grid }: RoadGraph, places: readonly Place[]): TravelMatrix {
  const nearest = places.map(({ lon, lat }) => nearestNode(grid, lon, lat, outsideM))
  const terminalNodes = [...new Set(nearest.map(({ node }) => node))].filter((node) => node !== -1)
  const isTerminal = new Uint8Array(network.nodes.length)
  for (const node of terminalNodes) isTerminal[node] = 1
  const core = shrinkNetwork(network.nodes.length, network.arcs, isTerminal)
  const terminals = Int32Array.from(terminalNodes, (node) => core.coreIndex[node] as number)
  const ways = fastestWays(core.nodeCount, core.out, terminals)

  const terminalOfNode = new Map(terminalNodes.map((node, terminal) => [node, terminal]))
  const terminalOf = Int32Array.from(nearest, ({ node }) => terminalOfNode.get(node) ?? -1)
  const gapM = Float64Array.from(nearest, (found) => found.gapM)
  const count = places.length
  const distanceM = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY)
  const driveS = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY)
  for (let i = 0; i < count; i++) {
    const from = terminalOf[i] as number
    for (let j = 0; j < count; j++) {
      const to = terminalOf[j] as number
      if (from === -1 || to === -1) continue
      // Two places at one node need not go by it.
      const offM = from === to ? planeM(grid, places[i], places[j]) : (gapM[i] as number) + (gapM[j] as number)
      const way = from * terminals.length + to
      distanceM[i * count + j] = offM + (ways.lengthM[way] as number)
      driveS[i * count + j] = offM / offStreetMetresPerSecond + (ways.seconds[way] as number)
    }
    distanceM[i * count + i] = 0
    driveS[i * count + i] = 0
  }
  const indices = [...places.keys()]
  return {
    distanceM,
    driveS,
    gapM,
    far: indices.filter((i) => (gapM[i] as number) > farFromStreetM),
    unplaced: indices.filter((i) => terminalOf[i] === -1),
  }
}

function planeM(grid: NodeGrid, a: Place | undefined, b: Place | undefined): number {
  if (a === undefined || b === undefined) return 0
  return Math.hypot((a.lon - b.lon) * grid.metresPerLon, (a.lat - b.lat) * metresPerDegree)
}
