import { gzipSync } from 'node:zlib'
import { GeoJSONVT, type GeoJSONVTFeature, type GeoJSONVTTile } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import { type LayerName, layerNames, type MapLayers } from './core/map-layers.ts'

export const minZoom = 8
export const maxZoom = 15

export type Tile = { readonly key: string; readonly bytes: Uint8Array }

type Box = readonly [west: number, south: number, east: number, north: number]

/** Every tile from `minZoom` to `maxZoom` that has more than bare earth, gzipped, in z, x, y order. */
export function cutTiles(layers: MapLayers, box: Box): Tile[] {
  const indexes: LayerIndex[] = layerNames.map((name) => ({
    name,
    index: new GeoJSONVT(
      { type: 'FeatureCollection', features: [...layers[name]] },
      { maxZoom, indexMaxZoom: 12, tolerance: name === 'buildings' ? 1 : 3, buffer: name === 'places' ? 128 : 64 },
    ),
  }))
  const tiles: Tile[] = []
  for (let z = minZoom; z <= maxZoom; z++) {
    const [west, north] = tileAt(box[0], box[3], z)
    const [east, south] = tileAt(box[2], box[1], z)
    for (let x = west; x <= east; x++) {
      for (let y = north; y <= south; y++) {
        const bytes = cutTile(indexes, z, x, y)
        if (bytes !== null) tiles.push({ key: `${z}/${x}/${y}`, bytes })
      }
    }
  }
  return tiles
}

type LayerIndex = { readonly name: LayerName; readonly index: GeoJSONVT }

function cutTile(indexes: readonly LayerIndex[], z: number, x: number, y: number): Uint8Array | null {
  const filled: Record<string, GeoJSONVTTile> = {}
  for (const { name, index } of indexes) {
    const tile = index.getTile(z, x, y)
    const features = tile?.features.filter(({ tags }: GeoJSONVTFeature) => Number(tags?.min_zoom ?? 0) <= z) ?? []
    if (tile && features.length > 0) filled[name] = { ...tile, features }
  }
  const isBare = Object.keys(filled).every((name) => name === 'earth')
  return isBare ? null : gzipSync(fromGeojsonVt(filled, { version: 2, extent: 4096 }), { level: 9 })
}

function tileAt(lon: number, lat: number, z: number): [x: number, y: number] {
  const size = 2 ** z
  const sin = Math.sin((lat * Math.PI) / 180)
  return [
    Math.floor(((lon + 180) / 360) * size),
    Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size),
  ]
}
