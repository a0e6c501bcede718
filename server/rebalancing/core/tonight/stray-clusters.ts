import { distanceM, type Position } from '../../../../contracts/units.ts'

/** Bikes that a crew collects from one halt of the van. */
export interface StrayCluster<B extends Position> {
  /** Where one of them stands: a place that can be reached. */
  readonly lon: number
  readonly lat: number
  readonly bikes: readonly B[]
}

/** So far a crew walks from the van. */
export const walkM = 70
const metresPerDegree = 111_195

/**
 * Bikes within `walkM` of a common middle bike, the fullest spots first. Every bike is in exactly one cluster; the same
 * bikes in the same order give the same clusters.
 */
export function clusterStrays<B extends Position & { readonly bikeId: string }>(
  bikes: readonly B[],
): StrayCluster<B>[] {
  const grid = new Map<string, B[]>()
  const cellOf = ({ lon, lat }: Position, dx = 0, dy = 0): string => {
    const y = Math.floor((lat * metresPerDegree) / walkM)
    const shrink = Math.cos((((y * walkM) / metresPerDegree) * Math.PI) / 180)
    return `${Math.floor((lon * metresPerDegree * shrink) / walkM) + dx}/${y + dy}`
  }
  const sorted = [...bikes].sort((a, b) => (a.bikeId < b.bikeId ? -1 : 1))
  for (const bike of sorted) grid.set(cellOf(bike), [...(grid.get(cellOf(bike)) ?? []), bike])
  // Rows shrink towards the poles, so a neighbour may lie two columns on.
  const steps = [-1, 0, 1].flatMap((dy) => [-2, -1, 0, 1, 2].map((dx) => [dx, dy] as const))
  const near = (bike: B): B[] =>
    steps.flatMap(([dx, dy]) => neighboursAt(grid, bike, dx, dy)).filter((other) => distanceM(bike, other) <= walkM)

  const neighbours = new Map(sorted.map((bike) => [bike.bikeId, near(bike)]))
  const count = (bike: B) => neighbours.get(bike.bikeId)?.length ?? 0
  const isTaken = new Set<string>()
  const clusters: StrayCluster<B>[] = []
  for (const middle of [...sorted].sort((a, b) => count(b) - count(a))) {
    if (isTaken.has(middle.bikeId)) continue
    const members = (neighbours.get(middle.bikeId) ?? []).filter(({ bikeId }) => !isTaken.has(bikeId))
    for (const { bikeId } of members) isTaken.add(bikeId)
    clusters.push({ lon: middle.lon, lat: middle.lat, bikes: members })
  }
  return clusters
}

function neighboursAt<B extends Position>(grid: ReadonlyMap<string, B[]>, at: Position, dx: number, dy: number): B[] {
  const row = Math.floor((at.lat * metresPerDegree) / walkM) + dy
  const shrink = Math.cos((((row * walkM) / metresPerDegree) * Math.PI) / 180)
  return grid.get(`${Math.floor((at.lon * metresPerDegree * shrink) / walkM) + dx}/${row}`) ?? []
}

interface Named extends Position {
  readonly name: string
}

const winds = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const
const roundM = 10

/** Where that is, for people: "Near Station, 240 m east". */
export function placeName(at: Position, landmarks: readonly Named[]): string {
  let nearest: Named | null = null
  let shortest = Number.POSITIVE_INFINITY
  for (const landmark of landmarks) {
    const metres = distanceM(at, landmark)
    if (metres < shortest) [nearest, shortest] = [landmark, metres]
  }
  if (nearest === null) return `At ${at.lat.toFixed(4)}, ${at.lon.toFixed(4)}`
  const east = (at.lon - nearest.lon) * Math.cos((at.lat * Math.PI) / 180)
  const turn = Math.atan2(east, at.lat - nearest.lat) / (Math.PI / 4)
  const wind = winds[((Math.round(turn) % 8) + 8) % 8] as string
  const far = shortest >= 1_000 ? `${(shortest / 1_000).toFixed(1)} km` : `${Math.round(shortest / roundM) * roundM} m`
  return `Near ${nearest.name.slice(0, 80)}, ${far} ${wind}`
}
