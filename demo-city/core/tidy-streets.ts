import { metresBetween } from './plane.ts'
import { pointOf, type Street, type StreetPlan } from './street-plan.ts'

/** A dead end shorter than this is no street. */
const shortestStubM = 60
const closeM = 4

/** Drops short dead ends, everything that cannot be reached from the largest part, and then unused nodes. */
export function tidyStreets(plan: StreetPlan): StreetPlan {
  let streets = joinClose(plan)
  for (;;) {
    const trimmed = dropStubs({ nodes: plan.nodes, streets })
    if (trimmed.length === streets.length && trimmed.every((s, i) => s === streets[i])) break
    streets = trimmed
  }
  const reached = largestPart(plan.nodes.length, streets)
  const connected = streets.filter(({ nodes: [first] }) => first !== undefined && reached.has(first))
  const renumbered = new Map<number, number>()
  const nodes: (typeof plan.nodes)[number][] = []
  const renumber = (node: number): number => {
    const known = renumbered.get(node)
    if (known !== undefined) return known
    nodes.push(pointOf(plan, node))
    renumbered.set(node, nodes.length - 1)
    return nodes.length - 1
  }
  return { streets: connected.map((s) => ({ ...s, nodes: s.nodes.map(renumber) })), nodes }
}

/** Two corners a few steps apart are one. */
function joinClose(plan: StreetPlan): readonly Street[] {
  const joined = new Map<number, number>()
  const final = (node: number): number => {
    const next = joined.get(node)
    return next === undefined ? node : final(next)
  }
  for (const { nodes } of plan.streets) {
    for (let i = 0; i + 1 < nodes.length; i++) {
      const [a, b] = [final(nodes[i] as number), final(nodes[i + 1] as number)]
      if (a !== b && metresBetween(pointOf(plan, a), pointOf(plan, b)) < closeM) joined.set(b, a)
    }
  }
  return plan.streets
    .map((street) => {
      const nodes = street.nodes.map(final)
      return { ...street, nodes: nodes.filter((node, i) => node !== nodes[i - 1]) }
    })
    .filter(({ nodes }) => nodes.length > 1)
}

function dropStubs(plan: StreetPlan): readonly Street[] {
  const degree = new Map<number, number>()
  for (const { nodes } of plan.streets) {
    nodes.forEach((node, i) => {
      const isEnd = i === 0 || i === nodes.length - 1
      degree.set(node, (degree.get(node) ?? 0) + (isEnd ? 1 : 2))
    })
  }
  return plan.streets
    .map((street) => {
      let { nodes } = street
      if (endsInStub(nodes)) nodes = nodes.slice(1)
      if (endsInStub([...nodes].reverse())) nodes = nodes.slice(0, -1)
      return nodes === street.nodes ? street : { ...street, nodes }
    })
    .filter(({ nodes }) => nodes.length > 1)

  function endsInStub(nodes: readonly number[]): boolean {
    const [end, next] = nodes
    if (end === undefined || next === undefined || degree.get(end) !== 1) return false
    return metresBetween(pointOf(plan, end), pointOf(plan, next)) < shortestStubM
  }
}

function largestPart(nodeCount: number, streets: readonly Street[]): ReadonlySet<number> {
  const neighbours: number[][] = Array.from({ length: nodeCount }, () => [])
  for (const { nodes } of streets) {
    for (let i = 0; i + 1 < nodes.length; i++) {
      neighbours[nodes[i] as number]?.push(nodes[i + 1] as number)
      neighbours[nodes[i + 1] as number]?.push(nodes[i] as number)
    }
  }
  const seen = new Set<number>()
  let largest = new Set<number>()
  for (let start = 0; start < nodeCount; start++) {
    if (seen.has(start)) continue
    const part = new Set([start])
    const queue = [start]
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const next of neighbours[at] ?? []) {
        if (part.has(next)) continue
        part.add(next)
        queue.push(next)
      }
    }
    for (const node of part) seen.add(node)
    if (part.size > largest.size) largest = part
  }
  return largest
}
