import { osmClassKmh, shareOfLimit } from './van-speeds.ts'

export type OsmTags = Readonly<Record<string, string>>

/** How a van may drive along an OpenStreetMap way, seen in the order of its nodes. */
export interface DrivableWay {
  readonly direction: 'both' | 'forward' | 'backward'
  readonly kmh: number
}

/** Closed to a van of the city, even if some may pass. */
const closedTo = new Set([
  'no',
  'private',
  'agricultural',
  'forestry',
  'emergency',
  'military',
  'psv',
  'bus',
  'customers',
])
const passable = new Set(['yes', 'designated', 'permissive', 'destination', 'delivery', 'public'])
/** The most special one that is given decides. */
const accessKeys = ['motorcar', 'motor_vehicle', 'vehicle', 'access'] as const
const privateWays = new Set(['driveway', 'drive-through', 'emergency_access', 'slipway'])
/** Without another word these let no van through; a gate is taken for open. */
const blocking = new Set(
  ['bollard', 'block', 'chain', 'jersey_barrier', 'planter', 'log', 'debris', 'cycle_barrier', 'turnstile'].concat([
    'full-height_turnstile',
    'kissing_gate',
    'stile',
    'motorcycle_barrier',
    'sump_buster',
    'bus_trap',
    'spikes',
  ]),
)
const slowestKmh = 5
const fastestKmh = 110
const kmPerMile = 1.609_344

/** Null for a way that is no street, or closed to vans. Turn restrictions are not looked at. */
export function drivableWay(tags: OsmTags): DrivableWay | null {
  const classKmh = osmClassKmh.get(tags.highway ?? '')
  if (classKmh === undefined || tags.area === 'yes') return null
  if (privateWays.has(tags.service ?? '')) return null
  if (access(tags) === 'closed') return null
  const direction = directionOf(tags)
  if (direction === null) return null
  const limitKmh = speedLimitKmh(tags.maxspeed ?? '')
  const kmh = limitKmh === null ? classKmh : Math.min(classKmh, limitKmh * shareOfLimit)
  return { direction, kmh: Math.min(fastestKmh, Math.max(slowestKmh, kmh)) }
}

/** True for a node that no van can pass. */
export function isBarrier(tags: OsmTags): boolean {
  if (tags.barrier === undefined) return false
  const allowed = access(tags)
  return allowed === 'closed' || (allowed === 'unsaid' && blocking.has(tags.barrier))
}

function access(tags: OsmTags): 'open' | 'closed' | 'unsaid' {
  for (const key of accessKeys) {
    const value = tags[key]
    if (value === undefined) continue
    if (closedTo.has(value)) return 'closed'
    if (passable.has(value)) return 'open'
  }
  return 'unsaid'
}

/** Null for lanes that change their direction by the hour. */
function directionOf(tags: OsmTags): DrivableWay['direction'] | null {
  const oneway = tags.oneway
  if (oneway === 'reversible') return null
  if (oneway === 'yes' || oneway === 'true' || oneway === '1') return 'forward'
  if (oneway === '-1' || oneway === 'reverse') return 'backward'
  if (oneway === 'no' || oneway === 'false' || oneway === '0') return 'both'
  const isRound = tags.junction === 'roundabout' || tags.junction === 'circular'
  const isMotorway = tags.highway === 'motorway' || tags.highway === 'motorway_link'
  return isRound || isMotorway ? 'forward' : 'both'
}

/** Null where the sign is missing or says something else than a number (`none`, `signals`, `NO:urban`). */
function speedLimitKmh(maxspeed: string): number | null {
  if (maxspeed === 'walk') return slowestKmh / shareOfLimit
  const match = /^(\d{1,3})(?:\s*(mph|km\/h|kmh))?$/.exec(maxspeed.trim())
  if (match === null) return null
  const value = Number(match[1]) * (match[2] === 'mph' ? kmPerMile : 1)
  return value === 0 ? null : value
}
