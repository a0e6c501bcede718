import type { Figures, Money, Numbers } from '../../contracts/http/numbers.ts'
import type { TextKey } from '../../ui-kit/i18n/text.ts'
import type { Unit } from './number-formats.ts'

/** One figure as a tile or a chart shows it. */
export interface FigureLook {
  readonly name: TextKey
  readonly help: TextKey
  readonly unit: Unit
  /** Which way is good news; null: neither. */
  readonly better: 'more' | 'fewer' | null
  readonly of: (figures: Figures) => number | null
}
export interface MoneyLook extends Omit<FigureLook, 'of'> {
  readonly of: (money: Money) => number
}

const looks = {
  rides: { name: 'numbers.rides', help: 'numbers.help.rides', unit: 'count', better: 'more', of: (f) => f.rides },
  tripsPerBike: {
    ...{ name: 'numbers.trips_per_bike', help: 'numbers.help.tripsPerBike', unit: 'ratio', better: 'more' },
    of: (f) => f.tripsPerBike,
  },
  bikesInService: {
    ...{ name: 'numbers.bikes_in_service', help: 'numbers.help.bikesInService', unit: 'count', better: 'more' },
    of: (f) => f.bikesInService,
  },
  availability: {
    ...{ name: 'numbers.availability', help: 'numbers.help.availability', unit: 'percent', better: 'more' },
    of: (f) => f.availability,
  },
  lockSuccess: {
    ...{ name: 'numbers.lock_success', help: 'numbers.help.lockSuccess', unit: 'percent', better: 'more' },
    of: (f) => f.lockSuccess,
  },
  openMsP50: {
    ...{ name: 'numbers.open_p50', help: 'numbers.help.openMs', unit: 'ms', better: 'fewer' },
    of: (f) => f.openMsP50,
  },
  openMsP95: {
    ...{ name: 'numbers.open_p95', help: 'numbers.help.openMs', unit: 'ms', better: 'fewer' },
    of: (f) => f.openMsP95,
  },
  unmet: { name: 'numbers.unmet', help: 'numbers.help.unmet', unit: 'count', better: 'fewer', of: (f) => f.unmet },
  stranded: {
    ...{ name: 'numbers.stranded', help: 'numbers.help.stranded', unit: 'count', better: 'fewer' },
    of: (f) => f.stranded,
  },
  meanRideMinutes: {
    ...{ name: 'numbers.mean_length', help: 'numbers.help.meanRideMinutes', unit: 'minutes', better: null },
    of: (f) => f.meanRideMinutes,
  },
  meanStraightM: {
    ...{ name: 'numbers.mean_straight', help: 'numbers.help.meanStraightM', unit: 'metres', better: null },
    of: (f) => f.meanStraightM,
  },
  alarms: { name: 'numbers.alarms', help: 'numbers.help.alarms', unit: 'count', better: 'fewer', of: (f) => f.alarms },
} as const satisfies Record<string, FigureLook>

const moneyLooks = {
  gross: { name: 'numbers.gross', help: 'numbers.help.gross', unit: 'money', better: 'more', of: (m) => m.gross },
  vat: { name: 'numbers.vat', help: 'numbers.help.vat', unit: 'money', better: null, of: (m) => m.vat },
  refunds: {
    name: 'numbers.refunds',
    help: 'numbers.help.refunds',
    unit: 'money',
    better: 'fewer',
    of: (m) => m.refunds,
  },
  writtenOff: {
    ...{ name: 'numbers.written_off', help: 'numbers.help.writtenOff', unit: 'money', better: 'fewer' },
    of: (m) => m.writtenOff,
  },
} as const satisfies Record<string, MoneyLook>

export const tiles: readonly FigureLook[] = [
  ...[looks.rides, looks.tripsPerBike, looks.availability, looks.unmet, looks.lockSuccess, looks.openMsP50],
  ...[looks.stranded, looks.alarms, looks.bikesInService, looks.meanRideMinutes, looks.meanStraightM],
]
export const moneyTiles: readonly MoneyLook[] = Object.values(moneyLooks)

/** Lines or bars over days; null: nothing is known of a day. */
export interface ChartData {
  readonly name: TextKey
  readonly help: TextKey
  readonly unit: Unit
  readonly kind: 'bars' | 'lines'
  readonly currency?: string
  readonly series: ReadonlyArray<{ readonly name: TextKey; readonly values: ReadonlyArray<number | null> }>
}

/** Every chart of an answer, over these days. */
export function chartsOf(numbers: Numbers, days: readonly string[]): readonly ChartData[] {
  const byDay = new Map(numbers.days.map(({ day, figures }) => [day, figures]))
  const line = (kind: ChartData['kind'], ...shown: readonly FigureLook[]): ChartData[] => {
    const [first] = shown
    if (first === undefined) return []
    const series = shown.map((look) => ({
      name: look.name,
      values: days.map((day) => {
        const figures = byDay.get(day)
        return figures === undefined ? null : look.of(figures)
      }),
    }))
    const name = shown.length > 1 ? 'numbers.open_times' : first.name
    return [{ name, help: first.help, unit: first.unit, kind, series }]
  }
  const money = (numbers.money ?? []).flatMap(({ currency, days: own }): ChartData[] => {
    const known = new Map(own.map((one) => [one.day, one.money]))
    const values = days.map((day) => known.get(day)?.gross ?? (byDay.has(day) ? 0 : null))
    const { name, help, unit } = moneyLooks.gross
    return [{ name, help, unit, kind: 'bars', currency, series: [{ name, values }] }]
  })
  return [
    ...line('bars', looks.rides),
    ...line('lines', looks.tripsPerBike),
    ...money,
    ...line('lines', looks.availability),
    ...line('bars', looks.unmet),
    ...line('lines', looks.lockSuccess),
    ...line('lines', looks.openMsP50, looks.openMsP95),
    ...line('bars', looks.stranded),
  ]
}

/** What a chart says in one sentence: its ends, and its lowest and highest day. Null of nothing. */
export function extremesOf(values: ReadonlyArray<number | null>): {
  readonly first: number
  readonly last: number
  readonly lowest: number
  readonly highest: number
} | null {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
  const [first] = known
  const last = known.at(-1)
  if (first === undefined || last === undefined) return null
  const lowest = known.reduce((a, b) => (b.value < a.value ? b : a))
  const highest = known.reduce((a, b) => (b.value > a.value ? b : a))
  return { first: first.index, last: last.index, lowest: lowest.index, highest: highest.index }
}
