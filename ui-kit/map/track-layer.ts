import type { MapEngine } from './map-engine.ts'
import type { MapPoint } from './map-point.ts'
import { type TrackPoint, trackAt } from './track-at.ts'

const ids = {
  way: 'zwerm-track',
  passed: 'zwerm-track-passed',
  ends: 'zwerm-track-ends',
  dot: 'zwerm-track-dot',
  casing: 'zwerm-track-casing',
}

/** A trip on the map: its way thin, what has been ridden of it thick, a ring at its begin, a square-cut dot on its way. */
export interface ShownTrack {
  readonly points: readonly TrackPoint[] | null
  /** City time that is replayed; null shows the whole way and no dot. */
  readonly atMs: number | null
}

export const noTrack: ShownTrack = { points: null, atMs: null }

/** Under the bikes. Added again after each change of style. */
export function addTrackLayers(map: MapEngine, track: ShownTrack): void {
  const { way, passed } = dataOf(track)
  map.addSource(ids.way, { type: 'geojson', data: way } as never)
  map.addSource(ids.passed, { type: 'geojson', data: passed } as never)
  const line = { type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' } } as const
  map.addLayer({
    ...{ ...line, id: ids.casing, source: ids.way },
    paint: { 'line-color': '#ffffff', 'line-width': 7, 'line-opacity': 0.9 },
  } as never)
  map.addLayer({
    ...{ ...line, id: ids.way, source: ids.way },
    paint: { 'line-color': '#5d6b67', 'line-width': 2.5 },
  } as never)
  map.addLayer({
    ...{ ...line, id: ids.passed, source: ids.passed },
    paint: { 'line-color': '#1d4ed8', 'line-width': 5 },
  } as never)
  map.addLayer({
    ...{ id: ids.ends, type: 'circle', source: ids.way, filter: ['==', ['geometry-type'], 'Point'] },
    paint: {
      'circle-radius': ['case', ['==', ['get', 'end'], 'begin'], 6, 8],
      'circle-color': ['case', ['==', ['get', 'end'], 'begin'], '#ffffff', '#1b2a27'],
      'circle-stroke-color': ['case', ['==', ['get', 'end'], 'begin'], '#1b2a27', '#ffffff'],
      'circle-stroke-width': 3,
    },
  } as never)
  map.addLayer({
    ...{ id: ids.dot, type: 'circle', source: ids.passed, filter: ['==', ['geometry-type'], 'Point'] },
    paint: {
      ...{ 'circle-radius': 9, 'circle-color': '#1d4ed8' },
      ...{ 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 3 },
    },
  } as never)
}

export function showTrack(map: MapEngine, track: ShownTrack, isNewWay: boolean): void {
  const { way, passed } = dataOf(track)
  if (isNewWay) setData(map, ids.way, way)
  setData(map, ids.passed, passed)
}

function setData(map: MapEngine, source: string, data: unknown): void {
  const found = map.getSource(source) as { setData: (data: unknown) => void } | undefined
  found?.setData(data)
}

function dataOf({ points, atMs }: ShownTrack) {
  const all = points ?? []
  const moment = atMs === null ? null : trackAt(all, atMs)
  const [begin] = all
  const end = all.at(-1)
  return {
    way: collection([
      ...lineOf(all),
      ...(begin === undefined ? [] : [pointOf(begin, { end: 'begin' })]),
      ...(end === undefined ? [] : [pointOf(end, { end: 'end' })]),
    ]),
    passed: collection([
      ...lineOf(atMs === null ? all : (moment?.passed ?? [])),
      ...(moment === null ? [] : [pointOf(moment.dot, {})]),
    ]),
  }
}

const collection = (features: readonly unknown[]) => ({ type: 'FeatureCollection', features })
const placeOf = ({ lon, lat }: MapPoint) => [lon, lat]
const pointOf = (point: MapPoint, properties: Readonly<Record<string, string>>) => ({
  ...{ type: 'Feature', properties },
  geometry: { type: 'Point', coordinates: placeOf(point) },
})
const lineOf = (points: readonly MapPoint[]) =>
  points.length < 2
    ? []
    : [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: points.map(placeOf) } }]
