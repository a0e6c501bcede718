import type { MapEngine, StartedEngine } from './map-engine.ts'

/** A stop of a van's route with what is written on it. */
export interface MapStop {
  readonly lon: number
  readonly lat: number
  readonly label: string
  /** The one that the screen is about. */
  readonly isMain: boolean
}

const ids = { source: 'zwerm-stops', disc: 'zwerm-stop-disc', label: 'zwerm-stop-label' }
/** Each engine's own fonts: ours are files of the page, mapbox-gl asks its server. */
const fontOf = { maplibre: ['Noto Sans Medium'], mapbox: ['DIN Pro Medium', 'Arial Unicode MS Regular'] } as const

/** Numbered discs under the bikes: the main stop large, the others small. */
export function addStopLayers({ map, name }: StartedEngine, stops: readonly MapStop[]): void {
  map.addSource(ids.source, { type: 'geojson', data: dataOf(stops) } as never)
  const main = ['boolean', ['get', 'isMain'], false]
  map.addLayer({
    id: ids.disc,
    type: 'circle',
    source: ids.source,
    layout: { 'circle-sort-key': ['case', main, 1, 0] },
    paint: {
      'circle-radius': ['case', main, 17, 11],
      'circle-color': ['case', main, '#ffc233', '#5d6b67'],
      'circle-stroke-color': ['case', main, '#2b1e00', '#ffffff'],
      'circle-stroke-width': 2,
    },
  } as never)
  map.addLayer({
    id: ids.label,
    type: 'symbol',
    source: ids.source,
    layout: {
      'text-field': ['get', 'label'],
      'text-font': fontOf[name],
      'text-size': ['case', main, 16, 12],
      'text-allow-overlap': true,
      'text-ignore-placement': true,
    },
    paint: { 'text-color': ['case', main, '#2b1e00', '#ffffff'] },
  } as never)
}

export function showStops(map: MapEngine, stops: readonly MapStop[]): void {
  const source = map.getSource(ids.source) as { setData: (data: unknown) => void } | undefined
  source?.setData(dataOf(stops))
}

const dataOf = (stops: readonly MapStop[]) => ({
  type: 'FeatureCollection',
  features: stops.map(({ lon, lat, label, isMain }) => ({
    type: 'Feature',
    properties: { label, isMain },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })),
})
