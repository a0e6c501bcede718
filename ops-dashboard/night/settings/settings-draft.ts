import type { NightSettings } from '../../../contracts/http/nights.ts'

/** What stands in the fields while somebody types: texts, which may be no numbers yet. */
export type Draft = {
  readonly [K in NumberKey]: string
} & {
  readonly planAt: string
  readonly reportAt: string
  readonly publishBySelf: boolean
  readonly vans: readonly VanDraft[]
  readonly depots: readonly DepotDraft[]
}
export interface VanDraft {
  readonly vanId: string
  readonly name: string
  readonly capacity: string
  readonly depotId: string
  readonly startsAt: string
  readonly endsAt: string
  readonly goesOut: boolean
}
export interface DepotDraft {
  readonly depotId: string
  readonly name: string
  readonly lon: string
  readonly lat: string
  readonly isWorkshop: boolean
}

/** The ranges of contracts/http/nights.ts, whose schemas a browser need not load. */
export const numberRanges = {
  planSeconds: { min: 2, max: 600, isWhole: true },
  stopMinutes: { min: 0, max: 60, isWhole: false },
  minutesPerBike: { min: 0, max: 30, isWhole: false },
  ridesPerKm: { min: 0, max: 10, isWhole: false },
  ridesPerHour: { min: 0, max: 100, isWhole: false },
  ridesPerVan: { min: 0, max: 100, isWhole: false },
  idleHours: { min: 0, max: 720, isWhole: false },
  lowBatteryPercent: { min: 0, max: 100, isWhole: true },
} as const
export type NumberKey = keyof typeof numberRanges
const numberKeys = Object.keys(numberRanges) as NumberKey[]
const capacityRange = { min: 1, max: 100, isWhole: true }

export interface Range {
  readonly min: number
  readonly max: number
  readonly isWhole: boolean
}
export type FieldFault = { readonly kind: 'missing' } | ({ readonly kind: 'range' } & Range)
/** By field: `ridesPerKm`, `vans.0.capacity`, `depots.1.lon`. */
export type Faults = Readonly<Record<string, FieldFault>>

export function draftOf(settings: NightSettings): Draft {
  const numbers = Object.fromEntries(numberKeys.map((key) => [key, String(settings[key])])) as Record<NumberKey, string>
  return {
    ...numbers,
    planAt: settings.planAt,
    reportAt: settings.reportAt,
    publishBySelf: settings.publishBySelf,
    vans: settings.vans.map((van) => ({ ...van, capacity: String(van.capacity) })),
    depots: settings.depots.map((depot) => ({ ...depot, lon: String(depot.lon), lat: String(depot.lat) })),
  }
}

/** The settings as the server wants them, or what is wrong with which field. */
export function readDraft(draft: Draft): { readonly settings: NightSettings } | { readonly faults: Faults } {
  const faults: Record<string, FieldFault> = {}
  const number = (field: string, text: string, range: Range): number => {
    const value = Number(text.trim().replace(',', '.'))
    const fits = Number.isFinite(value) && value >= range.min && value <= range.max
    if (text.trim() === '') faults[field] = { kind: 'missing' }
    else if (!fits || (range.isWhole && !Number.isInteger(value))) faults[field] = { kind: 'range', ...range }
    return value
  }
  const text = (field: string, value: string): string => {
    if (value.trim() === '') faults[field] = { kind: 'missing' }
    return value.trim()
  }
  const numbers = Object.fromEntries(
    numberKeys.map((key) => [key, number(key, draft[key], numberRanges[key])]),
  ) as Record<NumberKey, number>
  const settings: NightSettings = {
    ...numbers,
    planAt: text('planAt', draft.planAt),
    reportAt: text('reportAt', draft.reportAt),
    publishBySelf: draft.publishBySelf,
    depots: draft.depots.map((depot, i) => ({
      depotId: depot.depotId,
      name: text(`depots.${i}.name`, depot.name),
      lon: number(`depots.${i}.lon`, depot.lon, {
        min: -180,
        max: 180,
        isWhole: false,
      }) as NightSettings['depots'][number]['lon'],
      lat: number(`depots.${i}.lat`, depot.lat, {
        min: -90,
        max: 90,
        isWhole: false,
      }) as NightSettings['depots'][number]['lat'],
      isWorkshop: depot.isWorkshop,
    })),
    vans: draft.vans.map((van, i) => ({
      ...van,
      name: text(`vans.${i}.name`, van.name),
      capacity: number(`vans.${i}.capacity`, van.capacity, capacityRange),
      startsAt: text(`vans.${i}.startsAt`, van.startsAt),
      endsAt: text(`vans.${i}.endsAt`, van.endsAt),
    })),
  }
  return Object.keys(faults).length > 0 ? { faults } : { settings }
}

/** The first of `van-1`, `van-2` … (or `depot-…`) that is free. */
export function freeId(stem: 'van' | 'depot', taken: readonly string[]): string {
  const ids = Array.from({ length: taken.length + 1 }, (_, i) => `${stem}-${i + 1}`)
  return ids.find((id) => !taken.includes(id)) ?? `${stem}-${taken.length + 1}`
}

/** The server's sentences, each with the field that it is about; null: about several. */
export interface PlacedSentence {
  readonly field: string | null
  readonly sentence: string
}

/**
 * What the server found wrong, put where it belongs: its sentences begin with the van's name, or name the report's
 * hour; a schema's complaint begins with the path.
 */
export function placeSentences(detail: string, draft: Draft): readonly PlacedSentence[] {
  const path = /^body\/([\w/]+) (.+)$/.exec(detail)
  if (path !== null) return [{ field: (path[1] as string).replaceAll('/', '.'), sentence: detail }]
  return sentencesOf(detail).map((sentence) => {
    const van = draft.vans.findIndex(({ name }) => name !== '' && sentence.startsWith(`${name} `))
    if (van >= 0) return { field: `vans.${van}`, sentence }
    return { field: sentence.startsWith('The report at') ? 'reportAt' : null, sentence }
  })
}

/** A full stop, a blank, a capital: "No. 2" stays whole. */
const sentencesOf = (detail: string): readonly string[] => detail.split(/(?<=\.) (?=[\p{Lu}"])/u)
