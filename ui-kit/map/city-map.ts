import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import type { BikeMarks } from './bike-buffers.ts'
import { type BikeLayer, bikeLayerId, makeBikeLayer } from './bike-layer.ts'
import type { CellMarks } from './cell-parts.ts'
import { type CountLayer, makeCountLayer } from './count-layer.ts'
import type { EngineStart, MapEngine, StartedEngine, Theme } from './map-engine.ts'
import type { MapBox, MapPoint, MapView } from './map-point.ts'
import { type MapPainter, type PaintedOverlay, startOverlay } from './painted-overlay.ts'
import { addStopLayers, type MapStop, showStops } from './stop-layer.ts'
import type { TrackPoint } from './track-at.ts'
import { addTrackLayers, noTrack, type ShownTrack, showTrack } from './track-layer.ts'
import { addZoneLayers, noZones, type ShownZones, showZones } from './zone-layer.ts'

/** All that a screen may ask of a map, whichever engine draws it. */
export interface CityMap {
  readonly engine: () => 'mapbox' | 'maplibre'
  readonly setBikes: (marks: BikeMarks) => void
  /** One flag per state, in the order of bike-states.ts. */
  readonly setShown: (shown: readonly boolean[]) => void
  /** One byte a row of the bikes, 1 for those to be drawn; null draws all of the shown states. */
  readonly setMask: (mask: Uint8Array | null) => void
  /**
   * Bikes by cell, shown below zoom 13 instead of single ones; with them the map is a fleet's: idle bikes are dots from
   * afar and pins from near. Null (as at first) is for a few bikes, shown at every zoom.
   */
  readonly setCounts: (counts: CellMarks | null) => void
  readonly setSelected: (row: number | null) => void
  /** Whether bikes slide to their next place or are there at once; at first as the person's system asks. */
  readonly setMovement: (on: boolean) => void
  readonly setTheme: (theme: Theme) => void
  readonly setHere: (point: MapPoint | null) => void
  /** Numbered places of a route. */
  readonly setStops: (stops: readonly MapStop[]) => void
  /** The way of a trip, oldest first; null takes it away. Without a time all of it is shown as ridden. */
  readonly setTrack: (points: readonly TrackPoint[] | null) => void
  /** Where on the track it is, in the points' own time; cheap enough for each frame of a replay. */
  readonly setTrackTime: (atMs: number | null) => void
  /** Where one may park, and where not; null takes them away. */
  readonly setZones: (zones: ShownZones | null) => void
  /** What a screen draws itself, over everything; the map draws it anew in each of its frames. */
  readonly setPainter: (painter: MapPainter | null) => void
  /** Shows all the points, as near as they allow. */
  readonly showAll: (points: readonly MapPoint[]) => void
  /** Shows a box of degrees, as near as it allows. */
  readonly fitTo: (box: MapBox) => void
  readonly flyTo: (point: MapPoint, zoom?: number) => void
  /** What is to be seen now. */
  readonly view: () => MapView
  readonly zoomBy: (step: 1 | -1) => void
  readonly remove: () => void
}

export interface CityMapOptions extends EngineStart {
  readonly mapboxToken: string | null
  /** Row of the bike that was pressed, or null for bare map. */
  readonly onPick: (row: number | null) => void
  /** After each move of the map and each change of its size; `view()` says what is seen at the start. */
  readonly onMoved?: (centre: MapPoint, view: MapView) => void
}

/** What the screen asked for last: a map that has to replace another one shows the same. */
interface Wanted {
  theme: Theme
  removed: boolean
  here: MapPoint | null
  stops: readonly MapStop[]
  track: ShownTrack
  zones: ShownZones
  painter: MapPainter | null
  marks: BikeMarks | null
  shown: readonly boolean[] | null
  mask: Uint8Array | null
  counts: CellMarks | null
  selected: number | null
  moves: boolean
}

const reachPx = 24
const edgePx = 56
/** The box is what is wanted, not marks that would stick out of it. */
const fitEdgePx = 16
const nearestZoom = 16
/** A pressed cell is looked into: two steps nearer, until its bikes are single ones. */
const cellSteps = 2
const nearerZoom = 13.4
const here = { source: 'zwerm-here', halo: 'zwerm-here-halo', dot: 'zwerm-here-dot' }

/** Starts mapbox-gl when there is a token, maplibre-gl otherwise and on any failure of the former. */
export async function startCityMap(options: CityMapOptions): Promise<CityMap> {
  const state: Wanted = {
    theme: options.theme,
    removed: false,
    here: null,
    stops: [],
    track: noTrack,
    zones: noZones,
    painter: null,
    marks: null,
    shown: null,
    mask: null,
    counts: null,
    selected: null,
    moves: !isMotionReduced(),
  }
  let layer: BikeLayer
  let overlay: PaintedOverlay
  let counts: CountLayer
  let started: StartedEngine

  const settle = (engine: StartedEngine) => {
    started = engine
    layer = makeBikeLayer(engine.map, state.theme)
    counts = makeCountLayer(engine.map)
    overlay = startOverlay(engine.map, state.theme, (brush) => counts.paint(brush))
    overlay.setPainter(state.painter)
    listen(engine.map, options, { layer: () => layer, painter: () => state.painter, counts: () => counts })
    const dress = () => {
      if (engine.map.getLayer(bikeLayerId) !== undefined) return
      // after a lost graphics context maplibre-gl brings everything back but custom layers
      if (engine.map.getSource(here.source) === undefined) {
        addZoneLayers(engine, state.zones, state.theme)
        addTrackLayers(engine.map, state.track)
        addStopLayers(engine, state.stops)
        addHere(engine.map, state.here)
      }
      engine.map.addLayer(layer.layer as never)
    }
    dress()
    engine.map.on('style.load', dress)
    layer.setMovement(state.moves)
    if (state.shown !== null) {
      layer.setShown(state.shown)
      counts.setShown(state.shown)
    }
    layer.setMask(state.mask)
    layer.setDense(state.counts !== null)
    counts.setCounts(state.counts)
    if (state.marks !== null) layer.setMarks(state.marks)
    layer.setSelected(state.selected)
  }
  const openMaplibre = async () => (await import('./start-maplibre.ts')).startMaplibre(startWith(options, state.theme))
  const first = await startMapboxOrNull(options, state.theme, () => {
    if (!state.removed) void openMaplibre().then(settle)
  })
  settle(first ?? (await openMaplibre()))

  return {
    engine: () => started.name,
    setBikes: (marks) => {
      state.marks = marks
      layer.setMarks(marks)
    },
    setShown: (shown) => {
      state.shown = shown
      layer.setShown(shown)
      counts.setShown(shown)
    },
    setMask: (mask) => {
      state.mask = mask
      layer.setMask(mask)
    },
    setCounts: (next) => {
      state.counts = next
      layer.setDense(next !== null)
      counts.setCounts(next)
    },
    setSelected: (row) => {
      state.selected = row
      layer.setSelected(row)
    },
    setMovement: (on) => {
      state.moves = on
      layer.setMovement(on)
    },
    setTheme: (theme) => {
      if (theme === state.theme) return
      state.theme = theme
      layer.setTheme(theme)
      overlay.setTheme(theme)
      started.setTheme(theme)
    },
    setHere: (point) => {
      state.here = point
      const source = started.map.getSource(here.source) as { setData: (data: unknown) => void } | undefined
      source?.setData(pointData(point))
    },
    setStops: (stops) => {
      state.stops = stops
      showStops(started.map, stops)
    },
    setTrack: (points) => {
      state.track = { points, atMs: state.track.atMs }
      showTrack(started.map, state.track, true)
    },
    setTrackTime: (atMs) => {
      state.track = { points: state.track.points, atMs }
      showTrack(started.map, state.track, false)
    },
    setZones: (zones) => {
      state.zones = zones ?? noZones
      showZones(started.map, state.zones)
    },
    setPainter: (painter) => {
      state.painter = painter
      overlay.setPainter(painter)
    },
    showAll: (points) => {
      const bounds = boundsOf(points)
      if (bounds !== null) started.map.fitBounds(bounds, { padding: edgePx, maxZoom: nearestZoom, duration: moveMs() })
    },
    fitTo: ({ west, south, east, north }) => {
      const corners: [Corner, Corner] = [
        [west, south],
        [east, north],
      ]
      started.map.fitBounds(corners, { padding: fitEdgePx, maxZoom: nearestZoom, duration: moveMs() })
    },
    view: () => viewOf(started.map),
    flyTo: (point, zoom) => goTo(started.map, point, zoom),
    zoomBy: (step) => (step === 1 ? started.map.zoomIn() : started.map.zoomOut()),
    remove: () => {
      state.removed = true
      started.map.remove()
      delete document.documentElement.dataset.mapIdle
    },
  }
}

const startWith = (options: EngineStart, theme: Theme): EngineStart => ({
  container: options.container,
  theme,
  tilesUrl: options.tilesUrl,
  tilesMaxZoom: options.tilesMaxZoom,
  centre: options.centre,
  zoom: options.zoom,
  label: options.label,
})

async function startMapboxOrNull(
  options: CityMapOptions,
  theme: Theme,
  onLost: () => void,
): Promise<StartedEngine | null> {
  if (options.mapboxToken === null) return null
  try {
    const { startMapbox } = await import('./start-mapbox.ts')
    return await startMapbox({ ...startWith(options, theme), token: options.mapboxToken, onLost })
  } catch (fault) {
    document.documentElement.dataset.mapFallback = fault instanceof Error ? fault.message : 'unknown'
    options.container.replaceChildren()
    return null
  }
}

function addHere(map: MapEngine, hereAt: MapPoint | null): void {
  map.addSource(here.source, { type: 'geojson', data: pointData(hereAt) } as never)
  map.addLayer({
    id: here.halo,
    type: 'circle',
    source: here.source,
    paint: { 'circle-radius': 18, 'circle-color': '#1d4ed8', 'circle-opacity': 0.18 },
  } as never)
  map.addLayer({
    id: here.dot,
    type: 'circle',
    source: here.source,
    paint: { 'circle-radius': 7, 'circle-color': '#1d4ed8', 'circle-stroke-color': '#fff', 'circle-stroke-width': 2.5 },
  } as never)
}

const pointData = (point: MapPoint | null) => ({
  type: 'FeatureCollection',
  features:
    point === null
      ? []
      : [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [point.lon, point.lat] } }],
})

const isMotionReduced = () => matchMedia('(prefers-reduced-motion: reduce)').matches
const moveMs = () => (isMotionReduced() ? 0 : 700)

function goTo(map: MapEngine, point: MapPoint, zoom?: number): void {
  const target = { center: [point.lon, point.lat] as [number, number], ...(zoom === undefined ? {} : { zoom }) }
  const duration = moveMs()
  if (duration === 0) map.jumpTo(target)
  else map.flyTo({ ...target, duration })
}

type Corner = [lon: number, lat: number]

function boundsOf(points: readonly MapPoint[]): [Corner, Corner] | null {
  if (points.length === 0) return null
  const lons = points.map(({ lon }) => lon)
  const lats = points.map(({ lat }) => lat)
  return [
    [Math.min(...lons), Math.min(...lats)],
    [Math.max(...lons), Math.max(...lats)],
  ]
}

function viewOf(map: MapEngine): MapView {
  const bounds = map.getBounds()
  const { lng, lat } = map.getCenter()
  const box =
    bounds === null
      ? { west: lng, south: lat, east: lng, north: lat }
      : { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() }
  return { box, zoom: map.getZoom() }
}

interface Marks {
  readonly layer: () => BikeLayer
  readonly painter: () => MapPainter | null
  readonly counts: () => CountLayer
}

function listen(map: MapEngine, options: CityMapOptions, { layer, painter, counts }: Marks): void {
  const page = document.documentElement.dataset
  // a live map never falls idle: bikes keep it painting, so "all tiles are drawn" counts too
  const markIdle = () => {
    if (page.mapIdle === undefined && map.areTilesLoaded()) page.mapIdle = ''
  }
  map.on('idle', markIdle)
  map.on('render', markIdle)
  map.on('movestart', () => delete page.mapIdle)
  map.on('moveend', () => {
    const centre = map.getCenter()
    options.onMoved?.({ lon: centre.lng, lat: centre.lat }, viewOf(map))
  })
  const rowAt = (point: { readonly x: number; readonly y: number }) => {
    const at = mercatorAt(map, point.x, point.y)
    const beside = mercatorAt(map, point.x + reachPx, point.y)
    return layer().pick(at, Math.abs(beside.x - at.x))
  }
  map.on('click', ({ point }) => {
    if (point === undefined || painter()?.press?.(point) === true) return
    const cell = counts().cellAt(point)
    if (cell === null) options.onPick(rowAt(point))
    else goTo(map, cell, Math.min(nearerZoom, map.getZoom() + cellSteps))
  })
  map.on('mousemove', ({ point }) => {
    if (point === undefined) return
    const isMark = painter()?.isOver?.(point) === true || counts().cellAt(point) !== null || rowAt(point) !== null
    map.getCanvas().style.cursor = isMark ? 'pointer' : ''
  })
}

function mercatorAt(map: MapEngine, x: number, y: number) {
  const { lng, lat } = map.unproject([x, y])
  return { x: mercatorX(lng), y: mercatorY(lat) }
}
