import 'maplibre-gl/dist/maplibre-gl.css'
import italic from '@fontsource/noto-sans/files/noto-sans-latin-400-italic.woff2?url'
import regular from '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url'
import medium from '@fontsource/noto-sans/files/noto-sans-latin-500-normal.woff2?url'
import { Map as MapLibre, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { basemapStyle } from './basemap-style.ts'
import type { EngineStart, MapEngine, StartedEngine, Theme } from './map-engine.ts'

const languageOf = (tag: string) => (tag.startsWith('nl') ? 'nl' : tag.startsWith('zh') ? 'zh' : 'en')

/** The open engine on our own tiles and fonts: no request leaves our server. Resolves once layers may be added. */
export function startMaplibre(start: EngineStart): Promise<StartedEngine> {
  setWorkerUrl(workerUrl)
  const absolute = (path: string) => new URL(path, location.origin).href
  const style = (theme: Theme) =>
    basemapStyle(theme, {
      // URL() would escape the braces
      tilesUrl: start.tilesUrl.startsWith('/') ? location.origin + start.tilesUrl : start.tilesUrl,
      lang: languageOf(document.documentElement.lang),
      maxZoom: start.tilesMaxZoom,
      fonts: { regular: absolute(regular), medium: absolute(medium), italic: absolute(italic) },
    })
  const map = new MapLibre({
    container: start.container,
    style: style(start.theme),
    center: [start.centre.lon, start.centre.lat],
    zoom: start.zoom,
    minZoom: 9,
    maxZoom: 18.5,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: { compact: true },
    locale: { 'Map.Title': start.label },
  })
  map.touchZoomRotate.disableRotation()
  const engine = map as unknown as MapEngine
  const started: StartedEngine = {
    name: 'maplibre',
    map: engine,
    setTheme: (theme) => map.setStyle(style(theme), { diff: false }),
  }
  return new Promise((resolve) => {
    void map.once('style.load', () => resolve(started))
  })
}
