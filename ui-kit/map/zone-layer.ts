import type { PublicZoneFeature } from '../../contracts/http/city-zones.ts'
import type { MapEngine, StartedEngine, Theme } from './map-engine.ts'
import { addZonePatterns, zoneImages } from './zone-patterns.ts'
import { circleAround, middleOf, outsideOf } from './zone-shapes.ts'

/** What a rider must know of places, as the map draws it. */
export interface ShownZones {
  readonly features: readonly PublicZoneFeature[]
  /** What is written at a hotspot that is worth something. */
  readonly rewardLabel: (minor: number) => string
}

export const noZones: ShownZones = { features: [], rewardLabel: () => '' }

const ids = { areas: 'zwerm-zones', marks: 'zwerm-zone-marks' }
/** Each engine's own fonts: ours are files of the page, mapbox-gl asks its server. */
const fontOf = { maplibre: ['Noto Sans Medium'], mapbox: ['DIN Pro Medium', 'Arial Unicode MS Regular'] } as const
/** Pixels that a shape may be off when seen from afar: small circles stay round. */
const roundEnough = 0.1
/** From farther away marks of hotspots would be all that is to be seen. */
const marksFromZoom = 12.5

const inks = {
  light: {
    out: '#33413d',
    edge: '#0a5c4c',
    ban: '#b3261e',
    slow: '#8a4b00',
    spot: '#0a5c4c',
    halo: '#ffffff',
    letter: '#12201d',
  },
  dark: {
    out: '#000000',
    edge: '#63e0bd',
    ban: '#ff8f85',
    slow: '#ffc56b',
    spot: '#63e0bd',
    halo: '#0b100f',
    letter: '#eef4f1',
  },
} as const

/** Under everything else that screens draw: kinds differ by pattern and line, not by colour alone. */
export function addZoneLayers({ map, name }: StartedEngine, zones: ShownZones, theme: Theme): void {
  const ink = inks[theme]
  addZonePatterns(map, ink)
  const { areas, marks } = dataOf(zones)
  map.addSource(ids.areas, { type: 'geojson', data: areas, tolerance: roundEnough } as never)
  map.addSource(ids.marks, { type: 'geojson', data: marks } as never)
  const of = (kind: string) => ({ source: ids.areas, filter: ['==', ['get', 'kind'], kind] })
  const fill = (kind: string, paint: object) =>
    map.addLayer({ ...of(kind), id: `zwerm-zone-${kind}`, type: 'fill', paint } as never)
  const line = (kind: string, paint: object) =>
    map.addLayer({ ...of(kind), id: `zwerm-zone-${kind}-line`, type: 'line', paint } as never)
  fill('outside', { 'fill-color': ink.out, 'fill-opacity': theme === 'dark' ? 0.42 : 0.16 })
  fill('slow', { 'fill-color': ink.slow, 'fill-opacity': 0.1 })
  fill('no_ride', { 'fill-pattern': zoneImages.crossed })
  fill('no_parking', { 'fill-pattern': zoneImages.hatched })
  fill('hotspot', { 'fill-color': ink.spot, 'fill-opacity': 0.16 })
  line('service_area', { 'line-color': ink.edge, 'line-width': 2, 'line-dasharray': [4, 2], 'line-opacity': 0.8 })
  line('slow', { 'line-color': ink.slow, 'line-width': 2, 'line-dasharray': [1, 2] })
  line('no_ride', { 'line-color': ink.ban, 'line-width': 2, 'line-dasharray': [3, 1.5] })
  line('no_parking', { 'line-color': ink.ban, 'line-width': 2 })
  line('hotspot', { 'line-color': ink.spot, 'line-width': 1.5 })
  map.addLayer({
    ...{ id: 'zwerm-zone-marks', type: 'symbol', source: ids.marks, minzoom: marksFromZoom },
    layout: {
      'icon-image': ['get', 'image'],
      'icon-size': ['interpolate', ['linear'], ['zoom'], marksFromZoom, 0.6, 15, 1],
      'icon-allow-overlap': true,
      'text-field': ['get', 'label'],
      'text-font': fontOf[name],
      'text-size': 12,
      'text-offset': [0, 1],
      'text-anchor': 'top',
      'text-optional': true,
      'symbol-sort-key': ['get', 'order'],
    },
    paint: {
      'text-color': ['match', ['get', 'kind'], 'hotspot', ink.spot, 'slow', ink.slow, ink.ban],
      'text-halo-color': ink.halo,
      'text-halo-width': 1.6,
    },
  } as never)
}

export function showZones(map: MapEngine, zones: ShownZones): void {
  const { areas, marks } = dataOf(zones)
  setData(map, ids.areas, areas)
  setData(map, ids.marks, marks)
}

function setData(map: MapEngine, id: string, data: unknown): void {
  const source = map.getSource(id) as { setData: (data: unknown) => void } | undefined
  source?.setData(data)
}

/** Circles are drawn as what they are; what is outside of all service areas is a shape of its own. */
function dataOf({ features, rewardLabel }: ShownZones) {
  const shapes = features.map((feature) => ({ ...feature, geometry: circleAround(feature) }))
  const services = shapes.filter(({ properties }) => properties.kind === 'service_area')
  const outside = services.length === 0 ? [] : [outsideOf(services.map(({ geometry }) => geometry))]
  const areas = [
    ...outside.map((geometry) => ({ type: 'Feature', properties: { kind: 'outside' }, geometry })),
    ...shapes.map(({ geometry, properties: { kind } }) => ({ type: 'Feature', properties: { kind }, geometry })),
  ]
  const marks = shapes.flatMap(({ geometry, properties }) => {
    const mark = markOf(properties, rewardLabel)
    return mark === null
      ? []
      : [{ type: 'Feature', properties: mark, geometry: { type: 'Point', coordinates: middleOf(geometry) } }]
  })
  const collection = (list: readonly unknown[]) => ({ type: 'FeatureCollection', features: list })
  return { areas: collection(areas), marks: collection(marks) }
}

/** Bans first where marks would cover one another, then hotspots that are worth something. */
function markOf({ kind, reward = 0, maxSpeedKmh }: PublicZoneFeature['properties'], label: ShownZones['rewardLabel']) {
  switch (kind) {
    case 'service_area':
      return null
    case 'hotspot':
      return { kind, image: zoneImages.parking, label: reward > 0 ? label(reward) : '', order: reward > 0 ? 2 : 3 }
    case 'no_parking':
      return { kind, image: zoneImages.noParking, label: '', order: 0 }
    case 'no_ride':
      return { kind, image: zoneImages.noRide, label: '', order: 0 }
    case 'slow':
      return { kind, image: zoneImages.slow, label: `${maxSpeedKmh ?? ''} km/h`, order: 1 }
  }
}
