import { type Arcs, type OutArcs, outArcs } from './road-network.ts'

/** What is left of a network: `coreIndex[node]` is the node's number in `out`, −1 for a node that is gone. */
export interface ShrunkNetwork {
  readonly nodeCount: number
  readonly coreIndex: Int32Array
  readonly out: OutArcs
}

/**
 * A node with at most this many neighbours is taken out. Measured, 600 places, ms to shrink and then search: Columbus
 * (91,791 nodes) 56 + 5,406 at 1, 86 + 937 at 2 (chains only), 56 + 526 at 4, 60 + 402 at 6, 100 + 374 at 8.
 */
const defaultMaxNeighbours = 6
/** Room for the arcs that taking out nodes of four and more neighbours adds; when it is full, no more are taken out. */
const spareArcsShare = 0.5

/**
 * Takes nodes out of a network one by one, fewest neighbours first, and puts an arc `u → w` in the place of each way
 * `u → v → w` through the node `v` that goes, unless a quicker one is there. Fastest times between the nodes that stay
 * are kept exactly, whatever the order. Chains and dead ends vanish, small streets become arcs of a coarser net.
 *
 * @param isKept 1 for nodes that must stay
 */
export function shrinkNetwork(
  nodeCount: number,
  arcs: Arcs,
  isKept: Uint8Array,
  maxNeighbours = defaultMaxNeighbours,
): ShrunkNetwork {
  const net = openNet(nodeCount, arcs)
  const neighbours: number[] = []
  const queues: number[][] = Array.from({ length: maxNeighbours + 1 }, () => [])
  const enqueue = (node: number): void => {
    if (isKept[node] === 1) return
    neighboursOf(net, node, neighbours)
    queues[neighbours.length]?.push(node)
  }
  for (let node = 0; node < nodeCount; node++) enqueue(node)

  const isGone = new Uint8Array(nodeCount)
  for (let degree = 0; degree <= maxNeighbours; ) {
    const node = queues[degree]?.pop()
    if (node === undefined) {
      degree++
      continue
    }
    if (isGone[node] === 1) continue
    neighboursOf(net, node, neighbours)
    // A node whose neighbours changed waits in another queue too.
    if (neighbours.length !== degree) continue
    if (net.freeCount < degree * (degree - 1)) continue
    takeOut(net, node)
    isGone[node] = 1
    for (const neighbour of neighbours.slice()) enqueue(neighbour)
    degree = 0
  }
  return compact(nodeCount, net, isGone)
}

/** Arcs in two linked lists each, by the node that they leave and by the one that they enter; −1 ends a list. */
interface Net {
  readonly firstOut: Int32Array
  readonly firstIn: Int32Array
  readonly nextOut: Int32Array
  readonly nextIn: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly lengthM: Float64Array
  readonly seconds: Float64Array
  readonly free: Int32Array
  freeCount: number
  /** `stamp[node] === round`: seen in this round. */
  readonly stamp: Int32Array
  round: number
}

function openNet(nodeCount: number, arcs: Arcs): Net {
  const room = Math.ceil(arcs.from.length * (1 + spareArcsShare)) + 16
  const net: Net = {
    firstOut: new Int32Array(nodeCount).fill(-1),
    firstIn: new Int32Array(nodeCount).fill(-1),
    nextOut: new Int32Array(room),
    nextIn: new Int32Array(room),
    from: new Int32Array(room),
    to: new Int32Array(room),
    lengthM: new Float64Array(room),
    seconds: new Float64Array(room),
    free: Int32Array.from({ length: room }, (_, k) => room - 1 - k),
    freeCount: room,
    stamp: new Int32Array(nodeCount),
    round: 0,
  }
  for (let k = 0; k < arcs.from.length; k++) {
    const from = arcs.from[k] as number
    const to = arcs.to[k] as number
    if (from !== to) putArc(net, from, to, arcs.seconds[k] as number, arcs.lengthM[k] as number)
  }
  return net
}

/** Adds an arc, or makes the one that is there quicker; at equal time the shorter one counts. */
function putArc(net: Net, from: number, to: number, seconds: number, lengthM: number): void {
  for (let arc = net.firstOut[from] as number; arc !== -1; arc = net.nextOut[arc] as number) {
    if (net.to[arc] !== to) continue
    const known = net.seconds[arc] as number
    if (seconds < known || (seconds === known && lengthM < (net.lengthM[arc] as number))) {
      net.seconds[arc] = seconds
      net.lengthM[arc] = lengthM
    }
    return
  }
  const arc = net.free[--net.freeCount] as number
  net.from[arc] = from
  net.to[arc] = to
  net.seconds[arc] = seconds
  net.lengthM[arc] = lengthM
  net.nextOut[arc] = net.firstOut[from] as number
  net.firstOut[from] = arc
  net.nextIn[arc] = net.firstIn[to] as number
  net.firstIn[to] = arc
}

function neighboursOf(net: Net, node: number, found: number[]): void {
  found.length = 0
  net.round++
  for (let arc = net.firstOut[node] as number; arc !== -1; arc = net.nextOut[arc] as number) {
    const to = net.to[arc] as number
    net.stamp[to] = net.round
    found.push(to)
  }
  for (let arc = net.firstIn[node] as number; arc !== -1; arc = net.nextIn[arc] as number) {
    const from = net.from[arc] as number
    if (net.stamp[from] !== net.round) found.push(from)
  }
}

function takeOut(net: Net, node: number): void {
  for (let before = net.firstIn[node] as number; before !== -1; before = net.nextIn[before] as number) {
    const from = net.from[before] as number
    for (let after = net.firstOut[node] as number; after !== -1; after = net.nextOut[after] as number) {
      const to = net.to[after] as number
      if (to === from) continue
      const seconds = (net.seconds[before] as number) + (net.seconds[after] as number)
      putArc(net, from, to, seconds, (net.lengthM[before] as number) + (net.lengthM[after] as number))
    }
  }
  for (let arc = net.firstIn[node] as number; arc !== -1; arc = net.nextIn[arc] as number) {
    unlink(net.firstOut, net.nextOut, net.from[arc] as number, arc)
    net.free[net.freeCount++] = arc
  }
  for (let arc = net.firstOut[node] as number; arc !== -1; arc = net.nextOut[arc] as number) {
    unlink(net.firstIn, net.nextIn, net.to[arc] as number, arc)
    net.free[net.freeCount++] = arc
  }
  net.firstIn[node] = -1
  net.firstOut[node] = -1
}

function unlink(first: Int32Array, next: Int32Array, node: number, arc: number): void {
  if (first[node] === arc) {
    first[node] = next[arc] as number
    return
  }
  let before = first[node] as number
  while (next[before] !== arc) before = next[before] as number
  next[before] = next[arc] as number
}

function compact(nodeCount: number, net: Net, isGone: Uint8Array): ShrunkNetwork {
  const coreIndex = new Int32Array(nodeCount).fill(-1)
  let kept = 0
  for (let node = 0; node < nodeCount; node++) if (isGone[node] === 0) coreIndex[node] = kept++
  const left: number[] = []
  for (let node = 0; node < nodeCount; node++) {
    for (let arc = net.firstOut[node] as number; arc !== -1; arc = net.nextOut[arc] as number) left.push(arc)
  }
  const out = outArcs(kept, {
    from: Int32Array.from(left, (arc) => coreIndex[net.from[arc] as number] as number),
    to: Int32Array.from(left, (arc) => coreIndex[net.to[arc] as number] as number),
    lengthM: Float64Array.from(left, (arc) => net.lengthM[arc] as number),
    seconds: Float64Array.from(left, (arc) => net.seconds[arc] as number),
  })
  return { nodeCount: kept, coreIndex, out }
}
