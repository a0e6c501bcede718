import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoadGraph, travelMatrix } from '../../server/rebalancing/core/street-matrix.ts'
import { networkOf } from '../../server/rebalancing/core/streets/road-edges.ts'
import { readRoadFile } from '../../server/rebalancing/distances/road-file.ts'
import { osmExtract } from '../../test/fixtures/osm-extract.ts'
import { readOsmExtract } from './read-osm-extract.ts'

const root = resolve(import.meta.dirname, '../..')
const oslo = resolve(root, '../shared/data/osm/oslo-east-filtered.osm.pbf')
const osloStations = resolve(root, '../shared/data/oslo-stations/station_information.csv')
const silent = (): void => undefined

let folder: string
let tiny: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zwerm-osm-'))
  tiny = join(folder, 'tiny.osm.pbf')
  writeFileSync(tiny, tinyExtract())
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/**
 * A block of 111 m a side, nodes 1 to 4 around; 5 hangs on 4; 9 is not in the file. One-way from 1 to 2, and from 3 to 2
 * by a street that is drawn the other way.
 */
function tinyExtract(): Uint8Array {
  const at = (id: number, east: number, north: number, tags = {}) => ({
    id,
    lon: 10 + east / 500,
    lat: 60 + north / 1_000,
    tags,
  })
  return osmExtract(
    [at(1, 0, 0), at(2, 1, 0), at(3, 1, 1), at(4, 0, 1), at(5, 0, 2), at(6, 2, 2, { barrier: 'bollard' }), at(7, 3, 3)],
    [
      { id: 11, refs: [1, 2], tags: { highway: 'residential', oneway: 'yes', name: 'Kirkeveien' } },
      { id: 12, refs: [2, 3], tags: { highway: 'residential', oneway: '-1' } },
      { id: 13, refs: [2, 3, 4, 1], tags: { highway: 'tertiary', maxspeed: '30' } },
      { id: 14, refs: [4, 5], tags: { highway: 'service' } },
      { id: 15, refs: [5, 6], tags: { highway: 'service' } },
      { id: 16, refs: [5, 9], tags: { highway: 'service' } },
      { id: 17, refs: [1, 3], tags: { highway: 'footway' } },
      { id: 18, refs: [1, 3], tags: { highway: 'service', access: 'private' } },
      { id: 19, refs: [1], tags: { highway: 'residential' } },
      { id: 20, refs: [1, 7], tags: { building: 'yes' } },
    ],
  )
}

describe('an OpenStreetMap extract', () => {
  it('is read for the streets that a van may drive, with their directions', async () => {
    const sentences: string[] = []
    const { roads, counts } = await readOsmExtract(tiny, (sentence) => sentences.push(sentence))
    expect(counts).toEqual({
      waysRead: 10,
      waysKept: 6,
      waysDropped: 4,
      nodesRead: 7,
      nodesKept: 6,
      nodesMissing: 1,
      barriers: 1,
      edges: 6,
      oneWayEdges: 2,
    })
    expect([...roads.from].map((node, k) => [node + 1, (roads.to[k] as number) + 1, roads.isOneWay[k]])).toEqual([
      [1, 2, 1],
      [3, 2, 1],
      [2, 3, 0],
      [3, 4, 0],
      [4, 1, 0],
      [4, 5, 0],
    ])
    expect(roads.lengthM[2]).toBeCloseTo(111.2, 1)
    expect(roads.kmh[2]).toBeCloseTo(21, 6)
    expect(sentences).toEqual(['10 ways read, 6 are streets for vans', '7 nodes read, 6 are on streets'])
  })

  it('becomes streets on which the way back of a one-way street goes round the block', async () => {
    const { roads } = await readOsmExtract(tiny, silent)
    const [a, b] = [roads.nodes[0]!, roads.nodes[1]!]
    const places = [a, b].map(([lon, lat]) => ({ lon, lat }))
    const { distanceM } = travelMatrix(buildRoadGraph(networkOf(roads)), places)
    expect(distanceM[1]).toBeCloseTo(111.2, 0)
    expect(distanceM[2]).toBeCloseTo(333.6, 0)
  })

  it('that is cut short, damaged, absent or something else is refused in a sentence', async () => {
    const bytes = readFileSync(tiny)
    const refused = async (name: string, content: Uint8Array, sentence: string): Promise<void> => {
      const path = join(folder, name)
      writeFileSync(path, content)
      await expect(readOsmExtract(path, silent), name).rejects.toThrow(sentence)
    }
    const damaged = Buffer.from(bytes)
    damaged.fill(0xa5, bytes.length - 60)
    await refused('short.osm.pbf', bytes.subarray(0, bytes.length - 30), 'in the middle of a block')
    await refused('damaged.osm.pbf', damaged, 'cannot be read to its end')
    await refused('page.osm.pbf', Buffer.from('<html>404</html>'), 'is no OpenStreetMap extract')
    await refused('empty.osm.pbf', Buffer.alloc(0), 'is no OpenStreetMap extract')
    await refused('houses.osm.pbf', osmExtract([], [{ id: 1, refs: [1, 2], tags: { building: 'yes' } }]), 'no street')
    await expect(readOsmExtract(join(folder, 'absent.osm.pbf'), silent)).rejects.toThrow('is no file')
    await expect(readOsmExtract(folder, silent)).rejects.toThrow('is no file')
  })
})

describe('npm run import-streets', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/import-streets.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
    })

  it('makes a road file, says what it kept, and how to use it', () => {
    const out = join(folder, 'streets')
    const { stdout, stderr, status } = run(tiny, '--out', out)
    expect(status).toBe(0)
    expect(stdout).toContain('ways      10 read, 6 kept, 4 dropped')
    expect(stdout).toContain('© OpenStreetMap contributors')
    expect(stdout).toContain(`ROAD_FILE=${join(out, 'tiny.roads')}`)
    expect(stderr).toContain('10 ways read')
    const { header } = readRoadFile(join(out, 'tiny.roads'))
    expect(header).toMatchObject({ attribution: '© OpenStreetMap contributors', source: 'tiny.osm.pbf', edges: 6 })
  })

  it('says in one line what is wrong', () => {
    expect(run(join(folder, 'absent.osm.pbf'))).toMatchObject({
      status: 1,
      stderr: `${join(folder, 'absent.osm.pbf')} is no file\n`,
    })
    expect(run().stderr).toContain('usage:')
  })
})

/** What a real city looks like, in the five numbers that the planner depends on. */
async function realCity() {
  if (!existsSync(oslo) || !existsSync(osloStations)) return null
  const { roads } = await readOsmExtract(oslo, silent)
  const graph = buildRoadGraph(networkOf(roads))
  const stations = readFileSync(osloStations, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(-3).map(Number))
    .map(([lat, lon]) => ({ lon: lon!, lat: lat! }))
    .filter(({ lon, lat }) => lon >= 10.708 && lon <= 10.829 && lat >= 59.86 && lat <= 59.938)
  const { distanceM, far } = travelMatrix(graph, stations)
  const n = stations.length
  const pairs = stations
    .flatMap((from, i) => stations.map((to, j) => ({ from, to, there: i * n + j, back: j * n + i })))
    .filter(({ there, back }) => there !== back)
  const detours = pairs.map(({ from, to, there }) => {
    const eastM = (from.lon - to.lon) * 111_195 * Math.cos((from.lat * Math.PI) / 180)
    return distanceM[there]! / Math.hypot(eastM, (from.lat - to.lat) * 111_195)
  })
  return {
    stations: n,
    far: far.length,
    detour: detours.sort((a, b) => a - b)[detours.length >> 1]!,
    asymmetric:
      pairs.filter(({ there, back }) => Math.abs(distanceM[there]! - distanceM[back]!) > 50).length / pairs.length,
    finite: distanceM.every(Number.isFinite),
  }
}

describe('the streets of Oslo-east', () => {
  it('join 214 stations, mostly not symmetrically, by ways 1.3 to 1.5 times the straight line (only where ../shared/data/osm is there; else that the tiny city has one part)', async () => {
    const city = await realCity()
    if (city === null) {
      const { roads } = await readOsmExtract(tiny, silent)
      expect(buildRoadGraph(networkOf(roads)).network.nodes.length).toBeGreaterThanOrEqual(5)
      return
    }
    expect(city).toMatchObject({ stations: 214, finite: true })
    expect(city.far).toBeLessThan(15)
    expect(city.detour).toBeGreaterThan(1.3)
    expect(city.detour).toBeLessThan(1.5)
    expect(city.asymmetric).toBeGreaterThan(0.6)
  })
})
