import { describe, expect, it } from 'vitest'
import { buildRoadGraph, travelMatrix } from '../street-matrix.ts'
import { networkOf, type RoadEdges } from './road-edges.ts'

const nodes = [
  [4, 52],
  [4.01, 52],
] as const

const edge = (lengthM: number, isOneWay: 0 | 1): RoadEdges => ({
  nodes,
  from: Int32Array.of(0),
  to: Int32Array.of(1),
  lengthM: Float64Array.of(lengthM),
  kmh: Float64Array.of(36),
  isOneWay: Uint8Array.of(isOneWay),
})

describe('a stretch of road', () => {
  it('is one arc for each open direction when it is short', () => {
    const { arcs } = networkOf(edge(50, 0))
    expect([[...arcs.from], [...arcs.to], [...arcs.seconds]]).toEqual([
      [0, 1],
      [1, 0],
      [5, 5],
    ])
    expect([...networkOf(edge(50, 1)).arcs.from]).toEqual([0])
  })

  it('gets nodes on its way when it is long, and stays as long and as slow', () => {
    const network = networkOf(edge(684, 0))
    expect(network.nodes).toHaveLength(2 + 11)
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)
    expect(sum(network.arcs.lengthM)).toBeCloseTo(2 * 684, 6)
    expect(sum(network.arcs.seconds)).toBeCloseTo(2 * 68.4, 6)
  })

  it('is met by a place in its middle, not at its ends', () => {
    const graph = buildRoadGraph(networkOf(edge(684, 0)))
    const { distanceM, gapM } = travelMatrix(graph, [
      { lon: 4, lat: 52 },
      { lon: 4.005, lat: 52.0001 },
    ])
    expect(gapM[1]).toBeLessThan(32)
    expect(distanceM[1]).toBeGreaterThan(320)
    expect(distanceM[1]).toBeLessThan(375)
  })
})
