import 'mapbox-gl/dist/mapbox-gl.css'
import mapboxgl from 'mapbox-gl'
import type { EngineStart, MapEngine, StartedEngine, Theme } from './map-engine.ts'

const styleWaitMs = 8_000
const styleOf = (theme: Theme) => `mapbox://styles/mapbox/${theme === 'dark' ? 'dark-v11' : 'light-v11'}`

/**
 * The proprietary engine, for operators with a Mapbox account. `load` proves nothing (without a valid token the canvas
 * stays blank), so until `style.load` any error is fatal, and at any time one about the token is; a silent hang ends
 * after 8 s.
 * @param onLost told once when the map has to be replaced after it had started
 * @throws when it cannot start
 */
export function startMapbox(
  start: EngineStart & { readonly token: string; readonly onLost: () => void },
): Promise<StartedEngine> {
  mapboxgl.accessToken = start.token
  const map = new mapboxgl.Map({
    container: start.container,
    style: styleOf(start.theme),
    center: [start.centre.lon, start.centre.lat],
    zoom: start.zoom,
    performanceMetricsCollection: false,
    dragRotate: false,
    pitchWithRotate: false,
    projection: 'mercator',
  })
  return new Promise((resolve, reject) => {
    let started = false
    let lost = false
    const giveUp = (reason: string) => {
      if (lost) return
      lost = true
      clearTimeout(timer)
      // not from inside its own error event: the engine still works on what it would lose
      setTimeout(() => {
        map.remove()
        if (started) start.onLost()
        else reject(new Error(reason))
      })
    }
    const timer = setTimeout(() => giveUp('no style within 8 s'), styleWaitMs)
    map.on('error', ({ error }) => {
      const refused = error.message.includes('access token') || (error as { status?: number }).status === 401
      if (!started || refused) giveUp(error.message)
    })
    map.once('style.load', () => {
      if (lost) return
      started = true
      clearTimeout(timer)
      const engine = map as unknown as MapEngine
      resolve({ name: 'mapbox', map: engine, setTheme: (theme) => map.setStyle(styleOf(theme)) })
    })
  })
}
