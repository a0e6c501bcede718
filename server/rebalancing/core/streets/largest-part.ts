import { outArcs, type RoadNetwork } from './road-network.ts'

/**
 * The largest part of a network in which every node can be reached from every other one (Kosaraju's two searches). A
 * van that is sent to a node outside it could not come back.
 */
export function largestPart(network: RoadNetwork): RoadNetwork {
  const { nodes, arcs } = network
  const count = nodes.length
  const out = outArcs(count, arcs)
  const back = outArcs(count, { ...arcs, from: arcs.to, to: arcs.from })

  const finished = finishOrder(out.first, out.target)
  const partOf = new Int32Array(count).fill(-1)
  const sizes: number[] = []
  const stack = new Int32Array(count)
  for (let k = count - 1; k >= 0; k--) {
    const root = finished[k] as number
    if (partOf[root] !== -1) continue
    const part = sizes.length
    partOf[root] = part
    let size = 0
    let depth = 0
    stack[depth++] = root
    while (depth > 0) {
      const node = stack[--depth] as number
      size++
      for (let arc = back.first[node] as number; arc < (back.first[node + 1] as number); arc++) {
        const before = back.target[arc] as number
        if (partOf[before] !== -1) continue
        partOf[before] = part
        stack[depth++] = before
      }
    }
    sizes.push(size)
  }
  return onlyPart(network, partOf, sizes.indexOf(sizes.reduce((a, b) => Math.max(a, b), 0)))
}

/** Nodes in the order in which a depth-first search leaves them for good. */
function finishOrder(first: Int32Array, target: Int32Array): Int32Array {
  const count = first.length - 1
  const order = new Int32Array(count)
  const nextArc = first.slice(0, count)
  const seen = new Uint8Array(count)
  const stack = new Int32Array(count)
  let done = 0
  for (let root = 0; root < count; root++) {
    if (seen[root] === 1) continue
    seen[root] = 1
    let depth = 0
    stack[depth++] = root
    while (depth > 0) {
      const node = stack[depth - 1] as number
      const arc = nextArc[node] as number
      if (arc === first[node + 1]) {
        order[done++] = node
        depth--
        continue
      }
      nextArc[node] = arc + 1
      const next = target[arc] as number
      if (seen[next] === 1) continue
      seen[next] = 1
      stack[depth++] = next
    }
  }
  return order
}

function onlyPart({ nodes, arcs }: RoadNetwork, partOf: Int32Array, part: number): RoadNetwork {
  const newIndex = new Int32Array(nodes.length).fill(-1)
  let kept = 0
  for (let node = 0; node < nodes.length; node++) if (partOf[node] === part) newIndex[node] = kept++
  const stays = (_: number, arc: number): boolean =>
    newIndex[arcs.from[arc] as number] !== -1 && newIndex[arcs.to[arc] as number] !== -1
  const renumbered = (node: number): number => newIndex[node] as number
  return {
    nodes: nodes.filter((_, node) => newIndex[node] !== -1),
    arcs: {
      from: arcs.from.filter(stays).map(renumbered),
      to: arcs.to.filter(stays).map(renumbered),
      lengthM: arcs.lengthM.filter(stays),
      seconds: arcs.seconds.filter(stays),
    },
  }
}
