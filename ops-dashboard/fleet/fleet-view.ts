import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'

/** Everything that the live map shows and hides, as it stands in the address: a colleague who opens it sees the same. */
export interface FleetView {
  /** Number of the selected bike. */
  readonly bike: string | null
  /** None: all of them. */
  readonly states: readonly BikeState[]
  /** Kinds of alarms, any of which a bike must have open; none: all bikes. */
  readonly alarms: readonly string[]
  /** Percent, both ends within. */
  readonly battery: { readonly from: number; readonly to: number } | null
  readonly models: readonly string[]
  /** Not heard for so many minutes. */
  readonly quiet: number | null
  readonly zone: string | null
  readonly search: string
  /** Where the map looks; null: the whole city. */
  readonly place: MapPlace | null
  /** On phones only one of the two has room. */
  readonly tab: 'map' | 'list'
  readonly panel: 'bike' | 'timeline'
  readonly sort: { readonly column: SortColumn; readonly down: boolean }
  /** Only bikes within the map's box are listed. */
  readonly inView: boolean
  readonly layers: readonly MapLayer[]
  /** The map keeps the selected bike in its middle. */
  readonly follow: boolean
  /** For a screen on the wall: map, counters and alarms alone. */
  readonly wall: boolean
}

export interface MapPlace {
  readonly lat: number
  readonly lon: number
  readonly zoom: number
}

/** What needs a person first; else by one column. */
export const sortColumns = ['urgency', 'number', 'state', 'battery', 'heard', 'alarm', 'trip'] as const
export type SortColumn = (typeof sortColumns)[number]
export const mapLayers = ['zones'] as const
export type MapLayer = (typeof mapLayers)[number]

export const plainView: FleetView = {
  bike: null,
  states: [],
  alarms: [],
  battery: null,
  models: [],
  quiet: null,
  zone: null,
  search: '',
  place: null,
  tab: 'map',
  panel: 'bike',
  sort: { column: 'urgency', down: false },
  inView: false,
  layers: [],
  follow: false,
  wall: false,
}

const longestSearch = 200
const longestQuietMin = 525_600
const mostChosen = 30
const largestZoom = 22

/** `?state=alarm,riding&battery=0-20&bike=100146&at=52.35850,4.72620,14.20`; what does not fit is left out. */
export function readFleetView(text: string): FleetView {
  const given = new URLSearchParams(text)
  const word = (name: string, fits: RegExp) => {
    const value = given.get(name)
    return value !== null && fits.test(value) ? value : null
  }
  const words = (name: string, fits: RegExp) =>
    [...new Set((given.get(name) ?? '').split(',').filter((one) => fits.test(one)))].slice(0, mostChosen)
  const [, minus = '', column = ''] = /^(-?)([a-z]+)$/.exec(given.get('sort') ?? '') ?? []
  return {
    bike: word('bike', /^\d{4,8}$/),
    states: words('state', /^[a-z_]+$/).filter((one): one is BikeState => bikeStates.includes(one as BikeState)),
    alarms: words('alarm', /^[a-z_]{1,40}$/),
    battery: batteryOf(given.get('battery')),
    models: words('model', /^[^,]{1,40}$/),
    quiet: wholeOf(given.get('quiet'), 1, longestQuietMin),
    zone: word('zone', /^[0-9a-f-]{36}$/),
    search: (given.get('q') ?? '').slice(0, longestSearch),
    place: placeOf(given.get('at')),
    tab: given.get('tab') === 'list' ? 'list' : 'map',
    panel: given.get('panel') === 'timeline' ? 'timeline' : 'bike',
    sort: { column: sortColumns.find((one) => one === column) ?? 'urgency', down: minus === '-' && isSortable(column) },
    inView: given.get('view') === '1',
    layers: mapLayers.filter((one) => words('layers', /^[a-z]+$/).includes(one)),
    follow: given.get('follow') === '1',
    wall: given.get('wall') === '1',
  }
}

/** The shortest address of a view: what is as usual is not told. */
export function writeFleetView(view: FleetView): string {
  const { battery, place, sort } = view
  const told: ReadonlyArray<readonly [string, string]> = [
    ['bike', view.bike ?? ''],
    ['state', view.states.join(',')],
    ['alarm', view.alarms.join(',')],
    ['battery', battery === null ? '' : `${battery.from}-${battery.to}`],
    ['model', view.models.join(',')],
    ['quiet', view.quiet === null ? '' : String(view.quiet)],
    ['zone', view.zone ?? ''],
    ['q', view.search],
    ['at', place === null ? '' : `${place.lat.toFixed(5)},${place.lon.toFixed(5)},${place.zoom.toFixed(2)}`],
    ['tab', view.tab === 'list' ? 'list' : ''],
    ['panel', view.panel === 'timeline' ? 'timeline' : ''],
    ['sort', sort.column === 'urgency' && !sort.down ? '' : `${sort.down ? '-' : ''}${sort.column}`],
    ['view', view.inView ? '1' : ''],
    ['layers', view.layers.join(',')],
    ['follow', view.follow ? '1' : ''],
    ['wall', view.wall ? '1' : ''],
  ]
  const parameters = new URLSearchParams(told.filter(([, value]) => value !== '').map((one) => [...one]))
  const text = parameters.toString().replaceAll('%2C', ',')
  return text === '' ? '' : `?${text}`
}

const isSortable = (column: string) => (sortColumns as readonly string[]).includes(column)

function wholeOf(text: string | null, least: number, most: number): number | null {
  if (text === null || !/^\d{1,9}$/.test(text)) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}

function batteryOf(text: string | null): FleetView['battery'] {
  const [, low = '', high = ''] = /^(\d{1,3})-(\d{1,3})$/.exec(text ?? '') ?? []
  const from = wholeOf(low, 0, 100)
  const to = wholeOf(high, 0, 100)
  return from === null || to === null || from > to || (from === 0 && to === 100) ? null : { from, to }
}

function placeOf(text: string | null): MapPlace | null {
  const parts = (text ?? '').split(',')
  if (parts.length !== 3 || !parts.every((part) => /^-?\d{1,3}(\.\d{1,8})?$/.test(part))) return null
  const [lat, lon, zoom] = parts.map(Number) as [number, number, number]
  const fits = Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= largestZoom
  return fits ? { lat, lon, zoom } : null
}
