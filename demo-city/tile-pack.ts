import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Value from 'typebox/value'
import { TileIndexFile } from './city-files.ts'
import type { Tile } from './cut-tiles.ts'
import { generatorVersion } from './generator-version.ts'

export type TilePack = {
  /** Send this as Content-Encoding: tiles are kept compressed. */
  readonly contentEncoding: 'gzip'
  /** The gzipped Mapbox Vector Tile, or null where the map is empty. */
  readonly tile: (z: number, x: number, y: number) => Uint8Array | null
}

export const indexName = 'index.json'
export const blobName = 'tiles.bin'

/** Reads `DIR/tiles` of a made city into memory (about 1 MB). Throws if it is missing or not a tile pack. */
export function openTilePack(cityFolder: string): TilePack {
  const index = Value.Parse(TileIndexFile, JSON.parse(readFileSync(join(cityFolder, 'tiles', indexName), 'utf8')))
  const blob = readFileSync(join(cityFolder, 'tiles', blobName))
  return {
    contentEncoding: index.encoding,
    tile(z, x, y) {
      const place = Object.hasOwn(index.tiles, `${z}/${x}/${y}`) ? index.tiles[`${z}/${x}/${y}`] : undefined
      return place === undefined ? null : blob.subarray(place[0], place[0] + place[1])
    },
  }
}

/** All tiles one after another, and where each lies; equal tiles are kept once. */
export function packTiles(tiles: readonly Tile[]): { readonly index: TileIndexFile; readonly blob: Uint8Array } {
  const places = new Map<string, [offset: number, length: number]>()
  const parts: Uint8Array[] = []
  const index: Record<string, [number, number]> = {}
  let offset = 0
  for (const { key, bytes } of tiles) {
    const content = Buffer.from(bytes).toString('base64')
    let place = places.get(content)
    if (place === undefined) {
      place = [offset, bytes.length]
      places.set(content, place)
      parts.push(bytes)
      offset += bytes.length
    }
    index[key] = place
  }
  return { index: { version: generatorVersion, encoding: 'gzip', tiles: index }, blob: Buffer.concat(parts) }
}
