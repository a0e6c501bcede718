import type { ZoneKind, ZoneProblem } from '../../../contracts/http/zones.ts'
import { problemAt, type ZoneDraft } from './zone-draft.ts'

const kinds: readonly ZoneKind[] = ['service_area', 'no_parking', 'no_ride', 'slow', 'hotspot']
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const nameMaxChars = 80
const unprintable = /\p{C}/u

/** The ranges of contracts/http/zones.ts, and the kind that each of them is said of. */
const numbers = {
  radiusM: { least: 5, most: 500, isInteger: false },
  capacity: { least: 0, most: 500, isInteger: true },
  minBikes: { least: 0, most: 500, isInteger: true },
  maxBikes: { least: 0, most: 500, isInteger: true },
  maxSpeedKmh: { least: 3, most: 25, isInteger: true },
} as const
type NumberName = keyof typeof numbers

type Said = Omit<ZoneDraft, 'feature' | 'centre' | 'polygons'>

/** What a feature says of itself; null when something was reported. What is null or unknown counts as not said. */
export function readProperties(
  properties: Readonly<Record<string, unknown>>,
  isPoint: boolean,
  of: { readonly feature: number; readonly name: string | null },
  report: (problem: ZoneProblem) => void,
): Said | null {
  let isFine = true
  const bad = (sentence: string): null => {
    isFine = false
    report(problemAt(of, 'property', sentence))
    return null
  }
  const number = (name: NumberName): number | null => {
    const value = properties[name] ?? null
    const { least, most, isInteger } = numbers[name]
    if (value === null) return null
    const fits = typeof value === 'number' && value >= least && value <= most
    if (fits && (!isInteger || Number.isInteger(value))) return value
    return bad(`${name} is ${isInteger ? 'a whole number' : 'a number'} from ${least} to ${most}.`)
  }

  const kind = kinds.find((one) => one === properties.kind) ?? bad(`kind is one of ${kinds.join(', ')}.`)
  const name = typeof properties.name === 'string' ? properties.name.normalize('NFC').trim() : ''
  if (name.length === 0 || name.length > nameMaxChars || unprintable.test(name)) {
    bad(`Give the zone a name of 1 to ${nameMaxChars} characters.`)
  }
  const givenId = properties.zoneId ?? null
  const zoneId = typeof givenId === 'string' && uuid.test(givenId) ? givenId : null
  if (zoneId === null && givenId !== null) bad('zoneId is the id of an export; leave it out for a new zone.')
  const radiusM = number('radiusM')
  const capacity = number('capacity')
  const minBikes = number('minBikes')
  const maxBikes = number('maxBikes')
  const maxSpeedKmh = number('maxSpeedKmh')
  if (!isFine || kind === null) return null

  const said: Said = { zoneId, kind, name, radiusM, capacity, minBikes, maxBikes, maxSpeedKmh }
  for (const sentence of [...aboutShape(said, isPoint), ...aboutBikes(said), ...aboutSpeed(said)]) bad(sentence)
  return isFine ? said : null
}

function aboutShape({ kind, radiusM }: Said, isPoint: boolean): string[] {
  if (!isPoint) return radiusM === null ? [] : ['radiusM belongs to a Point: leave it out, or draw a Point.']
  if (kind !== 'hotspot') return ['Only a hotspot can be a Point: draw a Polygon.']
  return radiusM === null ? ['A Point needs radiusM, in metres.'] : []
}

function aboutBikes({ kind, capacity, minBikes, maxBikes }: Said): string[] {
  if (kind !== 'hotspot') {
    const isSaid = capacity !== null || minBikes !== null || maxBikes !== null
    return isSaid ? ['capacity, minBikes and maxBikes are for hotspots only.'] : []
  }
  if (capacity === null) return ['A hotspot needs its capacity: how many bikes fit there.']
  if (maxBikes !== null && maxBikes > capacity) return [`maxBikes ${maxBikes} is more than the capacity ${capacity}.`]
  if (minBikes === null || minBikes <= (maxBikes ?? capacity)) return []
  const most = maxBikes === null ? `the capacity ${capacity}` : `maxBikes ${maxBikes}`
  return [`minBikes ${minBikes} is more than ${most}.`]
}

function aboutSpeed({ kind, maxSpeedKmh }: Said): string[] {
  if (kind === 'slow') return maxSpeedKmh === null ? ['A slow zone needs maxSpeedKmh.'] : []
  return maxSpeedKmh === null ? [] : ['maxSpeedKmh is for slow zones only.']
}
