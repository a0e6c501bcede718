import { latOfMercatorY, lonOfMercatorX } from '../../contracts/live/fleet-frame.ts'
import { createApi } from '../api/api-client.ts'
import { createDeskSocket, type DeskSocket } from '../live/desk-socket.ts'
import type { FleetTable } from '../live/fleet-table.ts'
import { openLiveFleet } from '../live/live-fleet.ts'
import { startCityMap } from '../map/city-map.ts'
import { startMaplibre } from '../map/start-maplibre.ts'

/** The page that `npm run bench -- live-map` measures: the desk's own feed, table and map, and nothing else. */
interface LiveMapBench {
  /** One a live frame: the whole of its work in script, from its bytes to the map's columns. */
  readonly callMs: number[]
  /** From the tick of the server to the first byte of it in the card's buffer. */
  readonly delayMs: number[]
  readonly frameBytes: number[]
  readonly moved: number[]
}
declare global {
  var liveMapBench: LiveMapBench
}

const bench: LiveMapBench = { callMs: [], delayMs: [], frameBytes: [], moved: [] }
globalThis.liveMapBench = bench

const isSetData = location.search.includes('setdata')
const zoom = 13.01
const container = document.querySelector<HTMLElement>('#map') as HTMLElement
let show: (table: FleetTable) => void = () => undefined
/** City time of the newest frame that the card does not have yet. */
let waitingFrom: number | null = null

const socket = createDeskSocket({
  open: () => {
    const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/staff/live`)
    opened.binaryType = 'arraybuffer'
    return opened
  },
})
/** The desk's socket, with a watch on each frame. */
const watched: DeskSocket = {
  send: socket.send,
  listen: (listener) =>
    socket.listen({
      ...listener,
      onFrame: (bytes) => {
        const view = new DataView(bytes)
        const moved = view.getUint16(6, true) === 1 ? view.getUint32(28, true) : 0
        const startedMs = performance.now()
        if (moved > 0) waitingFrom = view.getFloat64(16, true)
        listener.onFrame?.(bytes)
        if (moved === 0) return
        bench.callMs.push(performance.now() - startedMs)
        bench.frameBytes.push(bytes.byteLength)
        bench.moved.push(moved)
      },
    }),
}

function watchUploads(): void {
  const send = WebGL2RenderingContext.prototype.bufferSubData
  WebGL2RenderingContext.prototype.bufferSubData = function sent(...given: unknown[]) {
    ;(send as (...all: unknown[]) => void).apply(this, given)
    if (waitingFrom === null || given[0] !== this.ARRAY_BUFFER) return
    bench.delayMs.push(Date.now() - waitingFrom)
    waitingFrom = null
  }
}

async function start(): Promise<void> {
  const api = createApi('ops')
  const asked = new URLSearchParams(location.search)
  const centre = { lon: Number(asked.get('lon')), lat: Number(asked.get('lat')) }
  const look = {
    container,
    theme: 'light',
    tilesUrl: '/tiles/{z}/{x}/{y}.mvt',
    tilesMaxZoom: 15,
    centre,
    zoom,
  } as const
  if (isSetData) {
    const { map } = await startMaplibre({ ...look, label: 'bench' })
    map.addSource('bikes', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } as never)
    map.addLayer({ id: 'bikes', type: 'circle', source: 'bikes', paint: { 'circle-radius': 5 } } as never)
    const source = map.getSource('bikes') as { setData: (data: unknown) => void }
    show = (table) => source.setData(featuresOf(table))
  } else {
    watchUploads()
    const map = await startCityMap({ ...look, label: 'bench', mapboxToken: null, onPick: () => undefined })
    map.setCounts({ x: new Uint32Array(), y: new Uint32Array(), byState: new Uint32Array() })
    show = map.setBikes
  }
  openLiveFleet({
    ...{ api, live: watched, onTable: show, onLink: () => undefined },
    onFrame: (table) => show(table),
  })
}

const featuresOf = ({ count, x, y, states }: FleetTable) => ({
  type: 'FeatureCollection',
  features: Array.from({ length: count }, (_, row) => ({
    type: 'Feature',
    properties: { state: states[row] },
    geometry: {
      type: 'Point',
      coordinates: [lonOfMercatorX(x[row] as number), latOfMercatorY(y[row] as number)],
    },
  })),
})

void start()
