import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { OSMTransform } from 'osm-pbf-parser-node'
import { drivableWay, isBarrier, type OsmTags } from '../../server/rebalancing/core/streets/drivable-way.ts'
import type { RoadEdges } from '../../server/rebalancing/core/streets/road-edges.ts'
import type { LonLat } from '../../server/rebalancing/core/streets/road-network.ts'
import { maxRoadNodes } from '../../server/rebalancing/distances/road-file.ts'

/** What was seen, and why something was left out. */
export interface ExtractCounts {
  readonly waysRead: number
  readonly waysKept: number
  /** Streets of no class for vans, closed ones, ones without two nodes. */
  readonly waysDropped: number
  readonly nodesRead: number
  readonly nodesKept: number
  /** Nodes of streets that the extract does not hold: cut off at its border. */
  readonly nodesMissing: number
  readonly barriers: number
  readonly edges: number
  readonly oneWayEdges: number
}

interface KeptWay {
  readonly refs: readonly number[]
  readonly kmh: number
  readonly isOneWay: boolean
}

/** The parts of the reader's items that are used here. */
type Item =
  | { readonly type: 'node'; readonly id: number; readonly lat: number; readonly lon: number; readonly tags?: OsmTags }
  | { readonly type: 'way'; readonly id: number; readonly refs: readonly number[]; readonly tags?: OsmTags }
  | { readonly type: 'relation' }
  | { readonly type?: undefined }

const nodeKeys = ['barrier', 'access', 'vehicle', 'motor_vehicle', 'motorcar']
const wayKeys = ['highway', 'service', 'area', 'oneway', 'junction', 'maxspeed', ...nodeKeys]
const earthRadiusM = 6_371_008.8

/**
 * Streets for vans of an `.osm.pbf`. Reads the file twice, streets first, so that only their nodes are held.
 *
 * @param onProgress a sentence now and then
 * Throws one sentence for a file that is missing, damaged, or no such extract.
 */
export async function readOsmExtract(
  path: string,
  onProgress: (sentence: string) => void,
): Promise<{ readonly roads: RoadEdges; readonly counts: ExtractCounts }> {
  await checkStart(path)
  const { ways, waysRead } = await readWays(path)
  onProgress(`${waysRead} ways read, ${ways.length} are streets for vans`)
  const needed = new Map<number, number>()
  for (const { refs } of ways) for (const ref of refs) if (!needed.has(ref)) needed.set(ref, -1)
  if (needed.size > maxRoadNodes) {
    throw new Error(`${path} holds too many streets: cut an extract of the service area out of it first`)
  }
  const { nodes, barriers, nodesRead } = await readNodes(path, needed)
  onProgress(`${nodesRead} nodes read, ${nodes.length} are on streets`)
  const roads = edgesOf(ways, nodes, needed, barriers)
  if (roads.from.length === 0) throw new Error(`${path} holds no street that a van may drive`)
  return {
    roads,
    counts: {
      waysRead,
      waysKept: ways.length,
      waysDropped: waysRead - ways.length,
      nodesRead,
      nodesKept: nodes.length,
      nodesMissing: needed.size - nodes.length,
      barriers: barriers.size,
      edges: roads.from.length,
      oneWayEdges: roads.isOneWay.reduce((sum, flag) => sum + flag, 0),
    },
  }
}

async function readWays(path: string): Promise<{ readonly ways: readonly KeptWay[]; readonly waysRead: number }> {
  const ways: KeptWay[] = []
  let waysRead = 0
  await eachItem(path, { node: false, way: wayKeys, relation: false }, (item) => {
    if (item.type !== 'way') return
    waysRead++
    const drivable = item.refs.length < 2 ? null : drivableWay(item.tags ?? {})
    if (drivable === null) return
    ways.push({
      refs: drivable.direction === 'backward' ? [...item.refs].reverse() : item.refs,
      kmh: drivable.kmh,
      isOneWay: drivable.direction !== 'both',
    })
  })
  return { ways, waysRead }
}

/** Fills `needed` with the index of each node that is there. */
async function readNodes(path: string, needed: Map<number, number>) {
  const nodes: LonLat[] = []
  const barriers = new Set<number>()
  let nodesRead = 0
  await eachItem(path, { node: nodeKeys, way: false, relation: false }, (item) => {
    if (item.type !== 'node') return
    nodesRead++
    if (needed.get(item.id) !== -1) return
    if (!(Math.abs(item.lon) <= 180 && Math.abs(item.lat) <= 90)) throw new Error(`node ${item.id} is not on Earth`)
    const index = nodes.push([item.lon, item.lat]) - 1
    needed.set(item.id, index)
    if (item.tags !== undefined && isBarrier(item.tags)) barriers.add(index)
  })
  return { nodes, barriers, nodesRead }
}

function edgesOf(
  ways: readonly KeptWay[],
  nodes: readonly LonLat[],
  indexOf: ReadonlyMap<number, number>,
  barriers: ReadonlySet<number>,
): RoadEdges {
  const edges: { readonly from: number; readonly to: number; readonly way: KeptWay }[] = []
  for (const way of ways) {
    for (let k = 1; k < way.refs.length; k++) {
      const from = indexOf.get(way.refs[k - 1] as number) ?? -1
      const to = indexOf.get(way.refs[k] as number) ?? -1
      if (from === -1 || to === -1 || from === to) continue
      if (!barriers.has(from) && !barriers.has(to)) edges.push({ from, to, way })
    }
  }
  return {
    nodes,
    from: Int32Array.from(edges, ({ from }) => from),
    to: Int32Array.from(edges, ({ to }) => to),
    lengthM: Float64Array.from(edges, ({ from, to }) => lengthM(nodes[from] as LonLat, nodes[to] as LonLat)),
    kmh: Float64Array.from(edges, ({ way }) => way.kmh),
    isOneWay: Uint8Array.from(edges, ({ way }) => (way.isOneWay ? 1 : 0)),
  }
}

/** Great circle, by the haversine. */
function lengthM([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const radians = Math.PI / 180
  const north = Math.sin(((latB - latA) * radians) / 2)
  const east = Math.sin(((lonB - lonA) * radians) / 2)
  const half = north * north + Math.cos(latA * radians) * Math.cos(latB * radians) * east * east
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** The reader believes any length that it finds at the start; so the name of the first block is looked for first. */
async function checkStart(path: string): Promise<void> {
  const info = await stat(path).catch(() => null)
  if (info === null || !info.isFile()) throw new Error(`${path} is no file`)
  const file = await open(path)
  try {
    const start = Buffer.alloc(64)
    const { bytesRead } = await file.read(start, 0, start.length, 0)
    if (!start.toString('latin1', 0, bytesRead).includes('OSMHeader')) {
      throw new Error(`${path} is no OpenStreetMap extract (.osm.pbf)`)
    }
  } finally {
    await file.close()
  }
}

type KeysToRead = Readonly<Record<'node' | 'way' | 'relation', false | string[]>>

async function eachItem(path: string, withTags: KeysToRead, use: (item: Item) => void): Promise<void> {
  const reader = new OSMTransform({ withTags })
  // The reader throws in the middle of a stream, where nobody can catch it; made an error of the stream instead.
  const transform = reader._transform.bind(reader)
  reader._transform = (chunk, encoding, next) => {
    try {
      transform(chunk, encoding, next)
    } catch (error) {
      next(error as Error)
    }
  }
  const flush = reader._flush.bind(reader)
  reader._flush = (done) => {
    try {
      flush(done)
    } catch {
      done(new Error('it ends in the middle of a block'))
    }
  }
  const sink = new Writable({
    objectMode: true,
    write: (items: readonly Item[], _encoding, done) => {
      try {
        for (const item of items) use(item)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
  try {
    await pipeline(createReadStream(path), reader, sink)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${path} cannot be read to its end: ${reason}`, { cause })
  }
}
