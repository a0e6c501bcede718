import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Distances } from './distances.ts'
import { type DistancesOptions, openDistances } from './open-distances.ts'
import { writeRoadFile } from './road-file.ts'

const lines: string[] = []
const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
let folder: string
/** Threads take a moment to start: one for each kind of streets, kept by the tests that only ask. */
let onCityStreets: Distances
let onRing: Distances
let open: Distances | undefined
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zwerm-distances-'))
  writeFileSync(join(folder, 'streets.json'), JSON.stringify(square))
  writeRoadFile(
    join(folder, 'ring.roads'),
    {
      nodes: square.nodes,
      from: Int32Array.of(0, 1, 2, 3),
      to: Int32Array.of(1, 2, 3, 0),
      lengthM: new Float64Array(4).fill(1_000),
      kmh: new Float64Array(4).fill(36),
      isOneWay: new Uint8Array(4).fill(1),
    },
    { attribution: '© OpenStreetMap contributors', licence: 'ODbL', source: 'ring.osm.pbf' },
  )
  const cityStreetsFile = join(folder, 'streets.json')
  onCityStreets = openDistances({ cityStreetsFile, logger })
  onRing = openDistances({ roadFile: join(folder, 'ring.roads'), cityStreetsFile, logger })
})
afterEach(async () => {
  await open?.close()
  open = undefined
  lines.length = 0
})
afterAll(async () => {
  await Promise.all([onCityStreets.close(), onRing.close()])
  rmSync(folder, { recursive: true, force: true })
})

/** Four corners: three good streets around, and a path for feet between the first and the last corner. */
const square = {
  version: 1,
  seed: 1,
  origin: { lon: 4, lat: 52 },
  nodes: [
    [4, 52],
    [4.01, 52],
    [4.01, 52.006],
    [4, 52.006],
  ] as [number, number][],
  edges: [
    [0, 1, 700, 'residential', 0, 0],
    [1, 2, 700, 'secondary', 0, 1],
    [2, 3, 700, 'quay', 0, 0],
    [3, 0, 700, 'path', 0, 0],
  ],
  names: ['Ring'],
}
const corners = square.nodes.map(([lon, lat]) => ({ lon, lat }))
const distancesOf = (options: Omit<DistancesOptions, 'logger'>): Distances => {
  open = openDistances({ ...options, logger })
  return open
}

describe('distances', () => {
  it('come from the made city’s streets, and a van goes round rather than along a path', async () => {
    const { source, distanceM, driveS, note } = await onCityStreets.table(corners)
    expect({ source, note, first: distanceM.slice(0, 4) }).toEqual({
      source: 'streets',
      note: undefined,
      first: [0, 700, 1_400, 2_100],
    })
    expect(driveS[3]).toBe(Math.round((0.7 / 21 + 0.7 / 33 + 0.7 / 15) * 3_600))
  })

  it('come from a road file with its attribution, first, and know its one-way streets', async () => {
    const table = await onRing.table(corners)
    expect(table).toMatchObject({ source: 'streets', note: 'Streets: © OpenStreetMap contributors.' })
    expect(table.distanceM).toEqual([0, 1, 2, 3, 3, 0, 1, 2, 2, 3, 0, 1, 1, 2, 3, 0].map((steps) => steps * 1_000))
    expect(table.driveS[1]).toBe(100)
  })

  it('are found by one thread for tables that are asked for at once', async () => {
    const tables = await Promise.all([corners, corners.slice(0, 2), []].map((places) => onRing.table(places)))
    expect(tables.map(({ distanceM }) => distanceM.length)).toEqual([16, 4, 0])
    expect(tables[1]?.distanceM).toEqual([0, 1_000, 3_000, 0])
  })

  it('come from straight lines where nothing else is given', async () => {
    const { source, distanceM, driveS, note } = await distancesOf({}).table(corners)
    expect(source).toBe('straight_line')
    expect(note).toContain('straight lines')
    expect(distanceM[1]).toBe(distanceM[4])
    // 684.5 m times 1.33 at 7 m/s
    expect([distanceM[1], driveS[1]]).toEqual([910, 130])
  })

  it('fall back with a line in the log and a sentence when a source fails', async () => {
    const distances = distancesOf({
      osrmUrl: 'http://127.0.0.1:1',
      roadFile: join(folder, 'absent.roads'),
      cityStreetsFile: join(folder, 'streets.json'),
    })
    const { source, note } = await distances.table(corners)
    expect(source).toBe('streets')
    expect(note).toMatch(/^The OSRM service cannot be reached\. The road file .*absent\.roads cannot be used: .*\.$/)
    expect(lines).toHaveLength(2)
    expect(lines.join('')).not.toContain('"lon"')
  })

  it('fall back to straight lines for places that are not where the streets are', async () => {
    const elsewhere = corners.map(({ lon, lat }) => ({ lon: lon + 9, lat: lat - 10 }))
    const table = await onRing.table(elsewhere)
    expect(table.source).toBe('straight_line')
    expect(table.note).toContain('4 of 4 places lie outside the streets.')
  })

  it('of one place outside the streets are straight lines, and the note counts it and what is far off', async () => {
    const places = [...corners, { lon: 4.005, lat: 52.003 }, { lon: 4.2, lat: 52 }]
    const { source, distanceM, note } = await onCityStreets.table(places)
    expect(source).toBe('streets')
    expect(note).toBe(
      '1 place is more than 250 m from any street. 1 lie outside the streets: straight lines times a usual detour for them.',
    )
    expect(distanceM.every(Number.isFinite)).toBe(true)
    expect(distanceM[5]).toBe(distanceM[30])
    expect(distanceM[35]).toBe(0)
  })

  it('come again from streets that were put right after they failed', async () => {
    const path = join(folder, 'mended.json')
    const distances = distancesOf({ cityStreetsFile: path })
    expect((await distances.table(corners)).source).toBe('straight_line')
    writeFileSync(path, JSON.stringify(square))
    expect((await distances.table(corners)).source).toBe('streets')
  })

  it('are refused for more places than a table holds, whoever would be asked', async () => {
    const crowd = Array.from({ length: 2_001 }, () => ({ lon: 4, lat: 52 }))
    await expect(onCityStreets.table(crowd)).rejects.toMatchObject({ code: 'too_many' })
    await expect(onCityStreets.table([{ lon: Number.NaN, lat: 52 }])).rejects.toThrow('longitude and a latitude')
  })

  it('that are still looked for when all is closed are given up', async () => {
    const distances = distancesOf({ roadFile: join(folder, 'ring.roads') })
    const asked = distances.table(corners)
    await distances.close()
    expect((await asked).source).toBe('straight_line')
    expect(lines.join('')).toContain('closed')
  })
})
