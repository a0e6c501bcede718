import type { DocklessTrip } from './read-trips.ts'
import { type Plane, replay, type Standing, walkM } from './replay.ts'

/**
 * The naive mover of planner.md, section 7: bikes that stay idle when the day before is replayed from tonight's places go
 * to the cells where that replay missed most rides, one to each in turn; no vans, no routes.
 *
 * @param bikes how many it moves
 * @returns where the bikes stand afterwards, and how many it could move
 */
export function naiveMover(
  standing: Standing,
  yesterday: readonly DocklessTrip[],
  plane: Plane,
  bikes: number,
): { readonly standing: Standing; readonly moved: number } {
  const { lost, ridden } = replay(standing, yesterday, plane)
  const cells = new Map<string, { count: number; x: number; y: number }>()
  for (const index of lost) {
    const trip = yesterday[index] as DocklessTrip
    const x = plane.x(trip.startLon)
    const y = plane.y(trip.startLat)
    const key = `${Math.floor(x / walkM)},${Math.floor(y / walkM)}`
    const cell = cells.get(key) ?? { count: 0, x: 0, y: 0 }
    cells.set(key, { count: cell.count + 1, x: cell.x + x, y: cell.y + y })
  }
  const ranked = [...cells.values()].sort((a, b) => b.count - a.count)
  const goals: { x: number; y: number }[] = []
  for (let round = 0; goals.length < lost.length; round++) {
    for (const { count, x, y } of ranked) if (count > round) goals.push({ x: x / count, y: y / count })
  }
  const idle = [...standing.x.keys()].filter((bike) => ridden[bike] === 0)
  const moved = Math.min(bikes, idle.length, goals.length)
  const after = { x: standing.x.slice(), y: standing.y.slice() }
  for (let i = 0; i < moved; i++) {
    // Spread over the city: the list is in no order of place.
    const bike = idle[Math.floor((i * idle.length) / moved)] as number
    const goal = goals[i] as { x: number; y: number }
    after.x[bike] = goal.x
    after.y[bike] = goal.y
  }
  return { standing: after, moved }
}
