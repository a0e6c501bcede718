/** The part that mapbox-gl and maplibre-gl share, as both `Map` classes are typed. Nothing else of them is used. */
export interface MapEngine {
  addLayer(layer: never, beforeId?: string): unknown
  getLayer(id: string): unknown
  addSource(id: string, source: never): unknown
  getSource(id: string): unknown
  addImage(name: string, image: ImageData, options: { pixelRatio: number }): unknown
  hasImage(name: string): boolean
  setStyle(style: never): unknown
  on(event: string, listener: (event: EngineEvent) => void): unknown
  getCanvas(): HTMLCanvasElement
  getZoom(): number
  getCenter(): { lng: number; lat: number }
  getBounds(): { getWest(): number; getEast(): number; getSouth(): number; getNorth(): number } | null
  project(point: [number, number]): { x: number; y: number }
  unproject(point: [number, number]): { lng: number; lat: number }
  flyTo(options: { center: [number, number]; zoom?: number; duration?: number }): unknown
  jumpTo(options: { center: [number, number]; zoom?: number }): unknown
  fitBounds(
    bounds: [[lon: number, lat: number], [lon: number, lat: number]],
    options: { padding?: number; maxZoom?: number; duration?: number },
  ): unknown
  zoomIn(): unknown
  zoomOut(): unknown
  areTilesLoaded(): boolean
  triggerRepaint(): void
  resize(): unknown
  remove(): void
}

export interface EngineEvent {
  readonly error?: { readonly message?: string; readonly status?: number }
  readonly point?: { readonly x: number; readonly y: number }
}

export type Theme = 'light' | 'dark'

/** What both engines are started with. */
export interface EngineStart {
  readonly container: HTMLElement
  readonly theme: Theme
  readonly tilesUrl: string
  /** Deepest zoom that there are tiles for. */
  readonly tilesMaxZoom: number
  readonly centre: { readonly lon: number; readonly lat: number }
  readonly zoom: number
  readonly label: string
}

/** An engine whose style is there: layers may be added. */
export interface StartedEngine {
  readonly name: 'mapbox' | 'maplibre'
  readonly map: MapEngine
  readonly setTheme: (theme: Theme) => void
}
