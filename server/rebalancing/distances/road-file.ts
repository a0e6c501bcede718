import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { RoadEdges } from '../core/streets/road-edges.ts'
import { DistancesFault } from './distances.ts'

/** 4 bytes of magic, 4 of header length (little-endian, as everything here), the header as JSON, gzip of the columns. */
const magic = 'ZWR1'
const maxHeaderBytes = 10_000
export const maxRoadNodes = 4_000_000
const maxEdges = 8_000_000
const maxLengthM = 100_000
const degreesPerUnit = 1e-7
const metresPerUnit = 0.01
const kmhPerUnit = 0.1
const maxKmh = 150

const Header = Type.Object({
  /** Must be shown wherever these streets, or distances along them, are. */
  attribution: Type.String({ minLength: 1, maxLength: 200 }),
  licence: Type.String({ minLength: 1, maxLength: 200 }),
  /** Name of the file that they were read from. */
  source: Type.String({ minLength: 1, maxLength: 300 }),
  /** West, south, east, north. */
  bbox: Type.Tuple([
    Type.Number({ minimum: -180, maximum: 180 }),
    Type.Number({ minimum: -90, maximum: 90 }),
    Type.Number({ minimum: -180, maximum: 180 }),
    Type.Number({ minimum: -90, maximum: 90 }),
  ]),
  nodes: Type.Integer({ minimum: 2, maximum: maxRoadNodes }),
  edges: Type.Integer({ minimum: 1, maximum: maxEdges }),
})
export type RoadFileHeader = Static<typeof Header>

/** Lon and lat of each node; from, to, length, speed and one-way of each edge. */
const bytesPerNode = 8
const bytesPerEdge = 4 + 4 + 4 + 2 + 1

export function writeRoadFile(
  path: string,
  roads: RoadEdges,
  about: Pick<RoadFileHeader, 'attribution' | 'licence' | 'source'>,
): RoadFileHeader {
  const nodes = roads.nodes.length
  const edges = roads.from.length
  const lons = roads.nodes.map(([lon]) => lon)
  const lats = roads.nodes.map(([, lat]) => lat)
  const header: RoadFileHeader = {
    attribution: about.attribution,
    licence: about.licence,
    source: about.source,
    bbox: [least(lons), least(lats), most(lons), most(lats)],
    nodes,
    edges,
  }
  Value.Assert(Header, header)
  const columns = [
    Int32Array.from(lons, (lon) => Math.round(lon / degreesPerUnit)),
    Int32Array.from(lats, (lat) => Math.round(lat / degreesPerUnit)),
    Uint32Array.from(roads.from),
    Uint32Array.from(roads.to),
    Uint32Array.from(roads.lengthM, (metres) => Math.max(1, Math.round(metres / metresPerUnit))),
    Uint16Array.from(roads.kmh, (kmh) => Math.max(1, Math.round(kmh / kmhPerUnit))),
    roads.isOneWay,
  ]
  const body = Buffer.concat(columns.map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)))
  const json = Buffer.from(JSON.stringify(header))
  const start = Buffer.alloc(8)
  start.write(magic, 'latin1')
  start.writeUInt32LE(json.length, 4)
  // A reader never finds half a file.
  const fresh = `${path}.new`
  const file = openSync(fresh, 'w')
  try {
    for (const part of [start, json, gzipSync(body)]) writeSync(file, part)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  return header
}

/** Throws `DistancesFault` `bad_file` for a file that is missing, of another form, cut short or damaged. */
export function readRoadFile(path: string): { readonly header: RoadFileHeader; readonly roads: RoadEdges } {
  try {
    const bytes = readFileSync(path)
    if (bytes.length < 8 || bytes.toString('latin1', 0, 4) !== magic) throw new Error('it is no road file')
    const headerBytes = bytes.readUInt32LE(4)
    if (headerBytes > maxHeaderBytes || 8 + headerBytes > bytes.length) throw new Error('its header is cut short')
    const header = Value.Parse(Header, JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)))
    const expectedBytes = header.nodes * bytesPerNode + header.edges * bytesPerEdge
    const body = gunzipSync(bytes.subarray(8 + headerBytes), { maxOutputLength: expectedBytes })
    if (body.length !== expectedBytes) throw new Error('it is cut short')
    return { header, roads: columnsOf(header, body) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DistancesFault('bad_file', `the road file ${path} cannot be used: ${reason}`, cause)
  }
}

function columnsOf({ nodes, edges }: RoadFileHeader, body: Buffer): RoadEdges {
  let offset = 0
  // A copy of its own for each column, because typed arrays must start at whole multiples of their width.
  const next = (bytes: number): ArrayBuffer => {
    const column = Uint8Array.from(body.subarray(offset, offset + bytes)).buffer
    offset += bytes
    return column
  }
  const lon = new Int32Array(next(4 * nodes))
  const lat = new Int32Array(next(4 * nodes))
  const from = new Uint32Array(next(4 * edges))
  const to = new Uint32Array(next(4 * edges))
  const length = new Uint32Array(next(4 * edges))
  const kmh = new Uint16Array(next(2 * edges))
  const isOneWay = new Uint8Array(next(edges))
  const isWrong =
    lon.some((units) => Math.abs(units) > 180 / degreesPerUnit) ||
    lat.some((units) => Math.abs(units) > 90 / degreesPerUnit) ||
    from.some((node) => node >= nodes) ||
    to.some((node) => node >= nodes) ||
    length.some((units) => units < 1 || units > maxLengthM / metresPerUnit) ||
    kmh.some((units) => units < 1 || units > maxKmh / kmhPerUnit) ||
    isOneWay.some((flag) => flag > 1)
  if (isWrong) throw new Error('it holds streets that cannot be')
  return {
    nodes: Array.from(lon, (units, node) => [units * degreesPerUnit, (lat[node] as number) * degreesPerUnit] as const),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    lengthM: Float64Array.from(length, (units) => units * metresPerUnit),
    kmh: Float64Array.from(kmh, (units) => units * kmhPerUnit),
    isOneWay,
  }
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
