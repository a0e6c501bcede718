import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { layerNames } from './core/map-layers.ts'
import { maxZoom, minZoom } from './cut-tiles.ts'
import { readCity, readPlaces, readStreets } from './read-city.ts'
import { openTilePack } from './tile-pack.ts'
import { writeCity } from './write-city.ts'

const radiusM = 900
let folder = ''
let city = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-city-'))
  city = join(folder, 'a')
  writeCity({ out: city, seed: 5, radiusM }, () => undefined)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a written city', () => {
  test('is byte for byte the same when made again from the same seed', () => {
    const again = join(folder, 'b')
    writeCity({ out: again, seed: 5, radiusM }, () => undefined)
    expect(hashesOf(again)).toEqual(hashesOf(city))
  })

  test('is another one from another seed', () => {
    const other = join(folder, 'c')
    writeCity({ out: other, seed: 6, radiusM }, () => undefined)
    expect(hashesOf(other)['streets.json']).not.toBe(hashesOf(city)['streets.json'])
  })

  test('is left alone when it is already there', () => {
    const before = statSync(join(city, 'streets.json'))
    const lines: string[] = []
    expect(writeCity({ out: city, seed: 5, radiusM }, (line) => lines.push(line))).toBe('kept')
    expect(lines).toEqual([])
    expect(statSync(join(city, 'streets.json')).ino).toBe(before.ino)
  })

  test('takes the place of an older city, and leaves nothing half-made beside it', () => {
    const out = join(folder, 'd')
    mkdirSync(out)
    writeFileSync(join(out, 'city.json'), '{"made by":"an older generator"}')
    expect(writeCity({ out, seed: 5, radiusM }, () => undefined)).toBe('made')
    expect(hashesOf(out)).toEqual(hashesOf(city))
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('never takes the place of a folder with something else in it', () => {
    const precious = join(folder, 'photos')
    mkdirSync(precious)
    writeFileSync(join(precious, 'holiday.jpg'), 'sun')
    expect(() => writeCity({ out: precious, seed: 5, radiusM }, () => undefined)).toThrow('not a city')
    expect(readFileSync(join(precious, 'holiday.jpg'), 'utf8')).toBe('sun')
  })

  test('can be read back by those who use it', () => {
    expect(readCity(city)).toMatchObject({ name: 'Waterstad', seed: 5, timeZone: 'Europe/Amsterdam' })
    const streets = readStreets(join(city, 'streets.json'))
    const places = readPlaces(join(city, 'places.json'))
    expect(places.hotspots.every(({ nodeIndex }) => streets.nodes[nodeIndex] !== undefined)).toBe(true)
  })
})

describe('its tiles', () => {
  test('have the layers that the basemap style draws, at the deepest zoom of the centre', () => {
    const { centre } = readCity(city)
    const seen = new Set<string>()
    const [x, y] = tileOf(centre.lon, centre.lat, maxZoom)
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        for (const name of Object.keys(decoded(maxZoom, x + dx, y + dy)?.layers ?? {})) seen.add(name)
      }
    }
    expect([...seen].sort()).toEqual([...layerNames].sort())
  })

  test('hold named streets, bridges and heights in the names of the Protomaps schema', () => {
    const { centre } = readCity(city)
    const tile = decoded(14, ...tileOf(centre.lon, centre.lat, 14))
    const roads = propertiesOf(tile, 'roads')
    expect(roads.some(({ kind, name }) => kind === 'minor_road' && typeof name === 'string')).toBe(true)
    expect(roads.some(({ is_bridge }) => is_bridge === true)).toBe(true)
    expect(propertiesOf(tile, 'buildings').every(({ height }) => typeof height === 'number')).toBe(true)
  })

  test('show the city at every zoom', () => {
    const { centre } = readCity(city)
    for (let z = minZoom; z <= maxZoom; z++) {
      expect(decoded(z, ...tileOf(centre.lon, centre.lat, z))?.layers.roads?.length).toBeGreaterThan(0)
    }
  })

  test('are null where there is no city', () => {
    const pack = openTilePack(city)
    expect(pack.tile(15, 0, 0)).toBeNull()
    expect(pack.tile(-1, 0, 0)).toBeNull()
    expect(pack.tile(0.5, Number.NaN, 3)).toBeNull()
  })
})

function decoded(z: number, x: number, y: number): VectorTile | null {
  const bytes = openTilePack(city).tile(z, x, y)
  return bytes === null ? null : new VectorTile(new PbfReader(gunzipSync(bytes)))
}

function propertiesOf(tile: VectorTile | null, name: string): Record<string, unknown>[] {
  const layer = tile?.layers[name]
  return Array.from({ length: layer?.length ?? 0 }, (_, i) => ({ ...layer?.feature(i).properties }))
}

function tileOf(lon: number, lat: number, z: number): [x: number, y: number] {
  const sin = Math.sin((lat * Math.PI) / 180)
  const y = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)
  return [Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)]
}

function hashesOf(cityFolder: string): Record<string, string> {
  const names = ['city.json', 'places.json', 'streets.json', 'tiles/index.json', 'tiles/tiles.bin']
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(cityFolder, name)))
        .digest('hex'),
    ]),
  )
}
