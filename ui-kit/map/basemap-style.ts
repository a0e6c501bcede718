import { DARK, type Flavor, LIGHT, layers } from '@protomaps/basemaps'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'

export type BasemapTheme = 'light' | 'dark'

/** WOFF2 files of @fontsource/noto-sans (latin subset), as URLs; other scripts use the device's own fonts. */
export type BasemapFonts = { readonly regular: string; readonly medium: string; readonly italic: string }

export type BasemapOptions = {
  /** With `{z}/{x}/{y}`; absolute, because the map's worker has no page to be relative to. */
  readonly tilesUrl: string
  readonly lang: 'en' | 'nl' | 'zh'
  readonly maxZoom: number
  readonly minZoom?: number
  readonly fonts: BasemapFonts
  readonly attribution?: string
}

const sourceId = 'basemap'
const defaultMinZoom = 8

/**
 * The quiet map under everything else: Protomaps v4 tiles, no glyph server and no sprite. Text is drawn from
 * `fonts` through the root property `font-faces` (MapLibre 5.11 and later; mapbox-gl needs a `glyphs` of its own).
 */
export function basemapStyle(theme: BasemapTheme, options: BasemapOptions): StyleSpecification {
  const palette = palettes[theme]
  return {
    version: 8,
    'font-faces': {
      'Noto Sans Regular': options.fonts.regular,
      'Noto Sans Medium': options.fonts.medium,
      'Noto Sans Italic': options.fonts.italic,
    },
    sources: {
      [sourceId]: {
        type: 'vector',
        tiles: [options.tilesUrl],
        minzoom: options.minZoom ?? defaultMinZoom,
        maxzoom: options.maxZoom,
        attribution: options.attribution ?? 'Synthetic demo city',
      },
    },
    layers: basemapLayers(palette, nameIn(options.lang)),
  }
}

type Palette = {
  readonly flavor: Flavor
  readonly town: string
  readonly building: string
  readonly buildingEdge: string
  readonly label: string
  readonly greenLabel: string
  readonly labelHalo: string
}

const palettes: Readonly<Record<BasemapTheme, Palette>> = {
  light: {
    town: '#efece6',
    building: '#dcd6cc',
    buildingEdge: '#cec7bb',
    label: '#5f6470',
    greenLabel: '#4a7358',
    labelHalo: '#ffffff',
    flavor: withoutIcons(LIGHT, {
      background: '#e4e9da',
      earth: '#e4e9da',
      water: '#b7d3e2',
      scrub_a: '#dfe6d2',
      scrub_b: '#dfe6d2',
      park_a: '#cfe0c3',
      park_b: '#c5dcb8',
      wood_a: '#d4e1c6',
      wood_b: '#d4e1c6',
      industrial: '#e6e4e6',
      school: '#ebe4ea',
      hospital: '#f0e2e0',
      zoo: '#cfe0c3',
      pedestrian: '#e9e2d2',
      minor_casing: '#ddd7cd',
      major_casing_early: '#d6cdbd',
      major_casing_late: '#d6cdbd',
      major: '#fffaf0',
      minor_a: '#ffffff',
      minor_b: '#ffffff',
      other: '#faf8f2',
      bridges_major: '#fffaf0',
      bridges_major_casing: '#b9b1a3',
      bridges_minor_casing: '#b9b1a3',
      bridges_other_casing: '#b9b1a3',
      railway: '#a9a9ad',
      ocean_label: '#5f86a0',
      roads_label_minor: '#6f6a63',
      roads_label_major: '#635e57',
      subplace_label: '#7b7f88',
      subplace_label_halo: '#f6f4ef',
      city_label: '#3f434b',
      city_label_halo: '#f6f4ef',
    }),
  },
  dark: {
    town: '#20242b',
    building: '#2a2f38',
    buildingEdge: '#343a45',
    label: '#98a0ad',
    greenLabel: '#7fa58b',
    labelHalo: '#171a20',
    flavor: withoutIcons(DARK, {
      background: '#1a1f1f',
      earth: '#1a1f1f',
      water: '#16303f',
      scrub_a: '#1c2422',
      scrub_b: '#1c2422',
      park_a: '#1d2f27',
      park_b: '#1f332a',
      wood_a: '#1c2925',
      wood_b: '#1c2925',
      industrial: '#23252c',
      school: '#25242e',
      hospital: '#2a2427',
      zoo: '#1d2f27',
      pedestrian: '#2b2a2a',
      minor_casing: '#1b1e24',
      major_casing_early: '#171a20',
      major_casing_late: '#171a20',
      major: '#474e5b',
      minor_a: '#383e49',
      minor_b: '#383e49',
      other: '#333a41',
      bridges_major: '#4b5260',
      bridges_minor: '#3d4450',
      bridges_other: '#383f47',
      bridges_major_casing: '#0f1216',
      bridges_minor_casing: '#0f1216',
      bridges_other_casing: '#0f1216',
      railway: '#4a4f58',
      ocean_label: '#5d8ba6',
      roads_label_minor: '#8b929e',
      roads_label_minor_halo: '#1b1e24',
      roads_label_major: '#9aa1ad',
      roads_label_major_halo: '#1b1e24',
      subplace_label: '#868d99',
      subplace_label_halo: '#171a20',
      city_label: '#c3c8d0',
      city_label_halo: '#171a20',
    }),
  },
}

/** Icons would need a sprite that the map cannot fetch offline, and land cover hides the town's edge. */
function withoutIcons(flavor: Flavor, changes: Partial<Flavor>): Flavor {
  const { pois: _pois, landcover: _landcover, ...rest } = flavor
  return { ...rest, ...changes }
}

function nameIn(lang: BasemapOptions['lang']): ExpressionSpecification {
  return ['coalesce', ['get', `name:${lang}`], ['get', 'name']]
}

function basemapLayers(palette: Palette, name: ExpressionSpecification): LayerSpecification[] {
  const made = (layers(sourceId, palette.flavor, { lang: 'en' }) as LayerSpecification[])
    .filter(({ id }) => !unusedLayers.has(id))
    .map((layer) => calmed(layer, palette, name))
  const afterEarth = made.findIndex(({ id }) => id === 'earth') + 1
  const beforePlaces = made.findIndex(({ id }) => id === 'places_subplace')
  return [
    ...made.slice(0, afterEarth),
    townLayer(palette),
    ...made.slice(afterEarth, beforePlaces),
    landmarkLayer(palette, name),
    ...made.slice(beforePlaces),
  ]
}

const unusedLayers: ReadonlySet<string> = new Set([
  'boundaries',
  'boundaries_country',
  'roads_runway',
  'roads_taxiway',
  'landuse_runway',
  'landuse_aerodrome',
  'roads_shields',
  'roads_oneway',
  'places_country',
  'places_region',
  'address_label',
])

function calmed(layer: LayerSpecification, palette: Palette, name: ExpressionSpecification): LayerSpecification {
  if (layer.type === 'symbol' && layer.layout?.['text-field'] !== undefined) {
    const { 'icon-image': _icon, ...layout } = layer.layout
    const padded = layer.id.startsWith('roads_labels') ? { 'symbol-spacing': 320, 'text-padding': 6 } : {}
    return { ...layer, layout: { ...layout, ...padded, 'text-field': name } }
  }
  if (layer.id === 'buildings' && layer.type === 'fill') {
    return {
      ...layer,
      paint: {
        'fill-color': palette.building,
        'fill-outline-color': palette.buildingEdge,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.4, 15, 1],
      },
    }
  }
  if (layer.id === 'roads_rail' && layer.type === 'line') {
    const width: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 10, 0.8, 14, 2, 18, 6]
    return { ...layer, paint: { 'line-color': palette.flavor.railway, 'line-width': width } }
  }
  return layer
}

function townLayer(palette: Palette): LayerSpecification {
  return {
    id: 'landuse_town',
    type: 'fill',
    source: sourceId,
    'source-layer': 'landuse',
    filter: ['==', ['get', 'kind'], 'residential'],
    paint: { 'fill-color': palette.town },
  }
}

function landmarkLayer(palette: Palette, name: ExpressionSpecification): LayerSpecification {
  return {
    id: 'landmark_names',
    type: 'symbol',
    source: sourceId,
    'source-layer': 'pois',
    minzoom: 14,
    layout: {
      'text-field': name,
      'text-font': ['Noto Sans Medium'],
      'text-size': ['interpolate', ['linear'], ['zoom'], 14, 10.5, 17, 13],
      'text-max-width': 8,
      'text-padding': 8,
    },
    paint: {
      'text-color': ['match', ['get', 'kind'], 'park', palette.greenLabel, palette.label],
      'text-halo-color': palette.labelHalo,
      'text-halo-width': 1.2,
    },
  }
}
