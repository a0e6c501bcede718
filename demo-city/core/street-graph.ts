import { distanceM } from '../../contracts/units.ts'
import type { StreetEdge, StreetsFile } from '../city-files.ts'
import { generatorVersion } from '../generator-version.ts'
import { type GeoPoint, planeAround } from './plane.ts'
import type { StreetPlan } from './street-plan.ts'

/** The routing graph of a tidy plan; lengths are great-circle metres, rounded to the centimetre. */
export function streetGraph(plan: StreetPlan, seed: number, origin: GeoPoint): StreetsFile {
  const plane = planeAround(origin)
  const nodes = plan.nodes.map((p) => plane.toLonLat(p))
  const names: string[] = []
  const nameIndex = new Map<string, number>()
  const seen = new Set<number>()
  const edges: StreetEdge[] = []
  for (const street of plan.streets) {
    let name = nameIndex.get(street.name)
    if (name === undefined) {
      name = names.push(street.name) - 1
      nameIndex.set(street.name, name)
    }
    for (let i = 0; i + 1 < street.nodes.length; i++) {
      const from = street.nodes[i] as number
      const to = street.nodes[i + 1] as number
      const key = Math.min(from, to) * nodes.length + Math.max(from, to)
      if (from === to || seen.has(key)) continue
      seen.add(key)
      const [lonA, latA] = nodes[from] as [number, number]
      const [lonB, latB] = nodes[to] as [number, number]
      const lengthM = distanceM({ lon: lonA, lat: latA }, { lon: lonB, lat: latB })
      edges.push([from, to, Math.round(lengthM * 100) / 100, street.class, name, street.isBridge ? 1 : 0])
    }
  }
  return { version: generatorVersion, seed, origin: { ...origin }, nodes, edges, names }
}
