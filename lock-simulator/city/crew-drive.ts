import type { Position } from '../../contracts/units.ts'
import { type Crew, moveVan } from './crew.ts'
import type { LegsSurroundings } from './rider-legs.ts'

/** A van in town at night, waiting at crossings included. */
const vanMps = 7
/** Bikes in the van are moved with it: in a fast city one step a second of real time is enough. */
const stepCityMs = 10_000
const stepRealMs = 1_000

/** Drives along the streets in city time; returns how to stop on the way. */
export function driveTo(
  { map, schedule, clock }: LegsSurroundings,
  crew: Crew,
  to: Position,
  onArrived: () => void,
): () => void {
  const way = map.wayTo(crew.place, to)
  const lengthM = way?.lengthM ?? 0
  let metres = 0
  let atMs = clock.nowMs()
  let cancel: () => void = () => undefined

  function step(): void {
    const nowMs = clock.nowMs()
    const before = metres
    metres = Math.min(lengthM, metres + ((nowMs - atMs) / 1_000) * vanMps)
    crew.drivenM += metres - before
    atMs = nowMs
    if (way === null || metres >= lengthM) {
      moveVan(crew, to, 0)
      onArrived()
      return
    }
    moveVan(crew, map.along(way, metres, vanMps), vanMps)
    next()
  }
  function next(): void {
    const stepMs = Math.max(stepCityMs, stepRealMs * clock.speed())
    const restMs = ((lengthM - metres) / vanMps) * 1_000
    cancel = schedule(atMs + Math.min(stepMs, Math.max(1, restMs)), step)
  }
  next()
  return () => {
    cancel()
    moveVan(crew, crew.place, 0)
  }
}
