import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRoadGraph, type Place, travelMatrix } from './street-matrix.ts'
import type { LonLat, RoadNetwork } from './streets/road-network.ts'
import { shrinkNetwork } from './streets/shrink-network.ts'
import { offStreetMetresPerSecond } from './streets/van-speeds.ts'

type Arc = readonly [from: number, to: number, seconds: number, lengthM: number]

/** Nodes in a row, over a kilometre apart. */
const row = (count: number): LonLat[] => Array.from({ length: count }, (_, k) => [4 + k / 50, 52])

function network(nodes: readonly LonLat[], arcs: readonly Arc[]): RoadNetwork {
  return {
    nodes,
    arcs: {
      from: Int32Array.from(arcs, ([from]) => from),
      to: Int32Array.from(arcs, ([, to]) => to),
      seconds: Float64Array.from(arcs, ([, , seconds]) => seconds),
      lengthM: Float64Array.from(arcs, ([, , , lengthM]) => lengthM),
    },
  }
}

/** Floyd and Warshall's three loops: fastest, and of equally fast ways the shortest. */
function allPairs(count: number, arcs: readonly Arc[]) {
  const seconds = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY)
  const lengthM = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY)
  const offer = (pair: number, s: number, m: number): void => {
    if (s > seconds[pair]! || (s === seconds[pair] && m >= lengthM[pair]!)) return
    seconds[pair] = s
    lengthM[pair] = m
  }
  for (let k = 0; k < count; k++) offer(k * count + k, 0, 0)
  for (const [from, to, s, m] of arcs) offer(from * count + to, s, m)
  for (let via = 0; via < count; via++) {
    for (let from = 0; from < count; from++) {
      for (let to = 0; to < count; to++) {
        const [first, second] = [from * count + via, via * count + to]
        offer(from * count + to, seconds[first]! + seconds[second]!, lengthM[first]! + lengthM[second]!)
      }
    }
  }
  return { seconds, lengthM }
}

/** A few nodes, some in chains (an arc to the next node) and some at random, one-way or not. */
const streets = fc.integer({ min: 2, max: 14 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    arcs: fc
      .array(
        fc.record({
          from: fc.nat(count - 1),
          to: fc.nat(count - 1),
          toNext: fc.boolean(),
          bothWays: fc.boolean(),
          seconds: fc.integer({ min: 1, max: 9 }),
          lengthM: fc.integer({ min: 1, max: 9 }),
        }),
        { minLength: 1, maxLength: 40 },
      )
      .map((drawn) =>
        drawn.flatMap(({ from, to: drawnTo, toNext, bothWays, seconds, lengthM }): Arc[] => {
          const to = toNext ? (from + 1) % count : drawnTo
          return bothWays
            ? [
                [from, to, seconds, lengthM],
                [to, from, seconds, lengthM],
              ]
            : [[from, to, seconds, lengthM]]
        }),
      ),
    chosen: fc.array(fc.nat(count - 1), { maxLength: 8 }),
    maxNeighbours: fc.integer({ min: 0, max: 8 }),
  }),
)

describe('ways between places', () => {
  it('are those of Floyd and Warshall on any streets, for places at any nodes that reach each other', () => {
    fc.assert(
      fc.property(streets, ({ count, arcs, chosen }) => {
        const nodes = row(count)
        const graph = buildRoadGraph(network(nodes, arcs))
        const kept = graph.network.nodes.map((at) => nodes.indexOf(at))
        const stops = chosen.map((k) => kept[k % kept.length]!)
        const truth = allPairs(count, arcs)
        const found = travelMatrix(
          graph,
          stops.map((k) => ({ lon: nodes[k]![0], lat: nodes[k]![1] })),
        )
        const pairs = stops.flatMap((from) => stops.map((to) => from * count + to))
        expect([...found.driveS]).toEqual(pairs.map((pair) => truth.seconds[pair]))
        expect([...found.distanceM]).toEqual(pairs.map((pair) => truth.lengthM[pair]))
      }),
      { numRuns: 1_000 },
    )
  })

  it('stay exact however far the streets are shrunk', () => {
    fc.assert(
      fc.property(streets, ({ count, arcs, chosen, maxNeighbours }) => {
        const isKept = new Uint8Array(count)
        for (const node of chosen) isKept[node] = 1
        const { coreIndex, nodeCount, out } = shrinkNetwork(
          count,
          network(row(count), arcs).arcs,
          isKept,
          maxNeighbours,
        )
        const coreArcs: Arc[] = []
        for (let from = 0; from < nodeCount; from++) {
          for (let arc = out.first[from]!; arc < out.first[from + 1]!; arc++) {
            coreArcs.push([from, out.target[arc]!, out.seconds[arc]!, out.lengthM[arc]!])
          }
        }
        const [before, after] = [allPairs(count, arcs), allPairs(nodeCount, coreArcs)]
        const pairs = chosen.flatMap((from) => chosen.map((to) => [from, to] as const))
        const inCore = pairs.map(([from, to]) => coreIndex[from]! * nodeCount + coreIndex[to]!)
        const inAll = pairs.map(([from, to]) => from * count + to)
        expect(inCore.map((pair) => after.seconds[pair])).toEqual(inAll.map((pair) => before.seconds[pair]))
        expect(inCore.map((pair) => after.lengthM[pair])).toEqual(inAll.map((pair) => before.lengthM[pair]))
      }),
      { numRuns: 1_000 },
    )
  })

  it('lead from the middle of a chain to the middle of the same chain, and of another', () => {
    // A ring of ten nodes in one direction, with one street across that is open in both.
    const ring = Array.from({ length: 10 }, (_, k): Arc => [k, (k + 1) % 10, 10, 100])
    const graph = buildRoadGraph(network(row(10), [...ring, [2, 7, 5, 50], [7, 2, 5, 50]]))
    const { distanceM } = travelMatrix(graph, [3, 5, 8].map(at))
    expect([...distanceM]).toEqual([0, 200, 500, 350, 0, 300, 500, 700, 0])
  })

  it('are long on the way back through a one-way street', () => {
    const graph = buildRoadGraph(
      network(row(3), [
        [0, 1, 10, 100],
        [1, 2, 10, 100],
        [2, 0, 60, 900],
      ]),
    )
    const { distanceM, driveS } = travelMatrix(graph, [at(0), at(1)])
    expect([...distanceM]).toEqual([0, 100, 1_000, 0])
    expect([...driveS]).toEqual([0, 10, 70, 0])
  })

  it('never lead into a dead end that has no way out', () => {
    const graph = buildRoadGraph(
      network(row(3), [
        [0, 1, 10, 100],
        [1, 0, 10, 100],
        [1, 2, 10, 100],
      ]),
    )
    expect(graph.network.nodes).toHaveLength(2)
    // A place near the dead end meets the streets at node 1; the rest is on foot.
    const near = { lon: at(1).lon + 0.001, lat: 52 }
    const { distanceM, driveS, gapM } = travelMatrix(graph, [at(0), near])
    expect(gapM[1]).toBeCloseTo(68.45, 1)
    expect(distanceM[1]).toBeCloseTo(168.45, 1)
    expect(driveS[1]).toBeCloseTo(10 + 68.45 / offStreetMetresPerSecond, 1)
  })

  it('of two places at one corner do not go by the corner', () => {
    const graph = buildRoadGraph(
      network(row(2), [
        [0, 1, 10, 100],
        [1, 0, 10, 100],
      ]),
    )
    const { distanceM } = travelMatrix(graph, [
      { lon: 4, lat: 52.001 },
      { lon: 4, lat: 52.0011 },
    ])
    expect(distanceM[1]).toBeCloseTo(11.12, 1)
  })

  it('are not known for places outside the streets, which are named, as are those that are far from any', () => {
    const graph = buildRoadGraph(
      network(row(2), [
        [0, 1, 10, 100],
        [1, 0, 10, 100],
      ]),
    )
    const { far, unplaced, distanceM, driveS } = travelMatrix(graph, [
      at(0),
      { lon: 4, lat: 52.005 },
      { lon: 13, lat: 41 },
    ])
    expect(far).toEqual([1, 2])
    expect(unplaced).toEqual([2])
    expect(distanceM[2]).toBe(Number.POSITIVE_INFINITY)
    expect(driveS[7]).toBe(Number.POSITIVE_INFINITY)
    expect(distanceM[8]).toBe(0)
    expect(distanceM[1]).toBeCloseTo(556, 0)
  })

  it('are none for no places', () => {
    const graph = buildRoadGraph(
      network(row(2), [
        [0, 1, 10, 100],
        [1, 0, 10, 100],
      ]),
    )
    expect(travelMatrix(graph, []).distanceM).toHaveLength(0)
  })

  it('begin at the node that is nearest, wherever the place is', () => {
    const coordinate = fc.double({ min: -0.05, max: 0.05, noNaN: true })
    const point = fc.tuple(coordinate, coordinate)
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 30 }), point, (points, place) => {
        const nodes = points.map(([x, y]): LonLat => [4 + x, 52 + y])
        const arcs = nodes.map((_, k): Arc => [k, (k + 1) % nodes.length, 1, 1])
        const graph = buildRoadGraph(network(nodes, arcs))
        const { gapM } = travelMatrix(graph, [{ lon: 4 + place[0], lat: 52 + place[1] }])
        const { metresPerLon } = graph.grid
        const gaps = points.map(([x, y]) => Math.hypot((x - place[0]) * metresPerLon, (y - place[1]) * 111_194.93))
        const least = Math.min(...gaps)
        if (least > 2_000) expect(gapM[0]).toBe(Number.POSITIVE_INFINITY)
        else expect(gapM[0]).toBeCloseTo(least, 4)
      }),
    )
  })
})

describe('streets', () => {
  it('keep the largest part whose nodes reach each other', () => {
    fc.assert(
      fc.property(streets, ({ count, arcs }) => {
        const { seconds } = allPairs(count, arcs)
        const reach = (a: number, b: number): boolean => seconds[a * count + b]! < Number.POSITIVE_INFINITY
        const sizes = row(count).map((_, a) => row(count).filter((__, b) => reach(a, b) && reach(b, a)).length)
        expect(buildRoadGraph(network(row(count), arcs)).network.nodes).toHaveLength(Math.max(...sizes))
      }),
    )
  })

  it('must join nodes that exist, and be some', () => {
    expect(() => buildRoadGraph(network(row(2), []))).toThrow('at least one street')
    expect(() => buildRoadGraph(network(row(2), [[0, 2, 1, 1]]))).toThrow('nodes that exist')
    expect(() => buildRoadGraph(network(row(2), [[0, 1, -1, 1]]))).toThrow('a length and a time')
  })
})

function at(node: number): Place {
  return { lon: row(node + 1)[node]![0], lat: 52 }
}
