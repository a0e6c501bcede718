import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoadEdges } from '../core/streets/road-edges.ts'
import { readRoadFile, writeRoadFile } from './road-file.ts'

const roads: RoadEdges = {
  nodes: [
    [10.7, 59.9],
    [10.8, 59.95],
    [-10.8, -59.95],
  ],
  from: Int32Array.of(0, 1),
  to: Int32Array.of(1, 2),
  lengthM: Float64Array.of(123.45, 0.001),
  kmh: Float64Array.of(21, 32.5),
  isOneWay: Uint8Array.of(0, 1),
}
const about = { attribution: '© OpenStreetMap contributors', licence: 'ODbL 1.0', source: 'oslo.osm.pbf' }
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zwerm-roads-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a road file', () => {
  it('holds streets to the centimetre, and whom they are owed to in letters that anybody can read', () => {
    const path = join(folder, 'oslo.roads')
    writeRoadFile(path, roads, about)
    const { header, roads: read } = readRoadFile(path)
    expect(header).toEqual({ ...about, bbox: [-10.8, -59.95, 10.8, 59.95], nodes: 3, edges: 2 })
    expect(readFileSync(path, 'utf8')).toContain('© OpenStreetMap contributors')
    expect([read.from, read.to, read.isOneWay]).toEqual([roads.from, roads.to, roads.isOneWay])
    expect(read.lengthM[0]).toBeCloseTo(123.45, 6)
    expect(read.lengthM[1]).toBeCloseTo(0.01, 6)
    expect(read.kmh[1]).toBeCloseTo(32.5, 6)
    expect(read.nodes[1]?.[1]).toBeCloseTo(59.95, 7)
  })

  it('that is cut short, damaged or another thing is refused in a sentence', () => {
    const whole = join(folder, 'whole.roads')
    writeRoadFile(whole, roads, about)
    const bytes = readFileSync(whole)
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(bytes.length - 20) ^ 0xff, bytes.length - 20)
    const broken: readonly (readonly [string, Buffer])[] = [
      ['short', bytes.subarray(0, bytes.length - 9)],
      ['header-only', bytes.subarray(0, 40)],
      ['flipped', flipped],
      ['other', Buffer.from('<html>not found</html>')],
      ['empty', Buffer.alloc(0)],
    ]
    for (const [name, content] of broken) {
      const path = join(folder, `${name}.roads`)
      writeFileSync(path, content)
      expect(() => readRoadFile(path), name).toThrow(`the road file ${path} cannot be used`)
    }
    expect(() => readRoadFile(join(folder, 'absent.roads'))).toThrow('no such file')
  })

  it('whose streets lead to nodes that do not exist is refused', () => {
    const path = join(folder, 'astray.roads')
    writeRoadFile(path, { ...roads, to: Int32Array.of(1, 3) }, about)
    expect(() => readRoadFile(path)).toThrow('streets that cannot be')
  })

  it('that unpacks to more than it announces is refused', () => {
    const path = join(folder, 'bomb.roads')
    writeRoadFile(path, roads, about)
    const bytes = readFileSync(path)
    const body = 8 + bytes.readUInt32LE(4)
    writeFileSync(path, Buffer.concat([bytes.subarray(0, body), gzipSync(Buffer.alloc(10_000_000))]))
    expect(() => readRoadFile(path)).toThrow('cannot be used')
  })
})
