import type { StreetClass } from '../city-files.ts'
import type { Point } from './plane.ts'

/** A stretch of street with one name and class, through nodes of the plan. */
export type Street = {
  readonly nodes: readonly number[]
  readonly class: StreetClass
  readonly name: string
  readonly isBridge: boolean
}

export type StreetPlan = { readonly nodes: readonly Point[]; readonly streets: readonly Street[] }

/** Half the width of the carriageway and pavements, in metres: what houses keep clear of. */
export const halfWidthM: Readonly<Record<StreetClass, number>> = {
  primary: 12,
  secondary: 9.5,
  residential: 6.5,
  quay: 5.5,
  path: 3,
}

export function pointOf(plan: { readonly nodes: readonly Point[] }, node: number): Point {
  const point = plan.nodes[node]
  if (point === undefined) throw new Error(`the plan has no node ${node}`)
  return point
}
