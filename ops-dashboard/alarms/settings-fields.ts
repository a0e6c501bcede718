import type { AlarmSettings } from '../../contracts/http/alarms.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'

type NumberName = Exclude<keyof AlarmSettings, 'off'>
export interface NumberField {
  readonly field: NumberName
  readonly least: number
  readonly most: number
}

const number = (field: NumberName, least: number, most: number): NumberField => ({ field, least, most })

/** Rules with their thresholds; the ranges are those of contracts/http/alarms.ts, which the server checks again. */
export const rules: ReadonlyArray<{ readonly kind: AlarmKind; readonly fields: readonly NumberField[] }> = [
  { kind: 'low_battery', fields: [number('lowBatteryPercent', 5, 60), number('veryLowBatteryPercent', 1, 50)] },
  { kind: 'silent', fields: [number('silentMinutes', 15, 1_440)] },
  { kind: 'lost', fields: [number('lostHours', 2, 720)] },
  { kind: 'moved_without_trip', fields: [number('movedMetres', 50, 5_000)] },
  { kind: 'outside_zone', fields: [number('outsideMetres', 0, 1_000)] },
  { kind: 'long_trip', fields: [number('longTripHours', 1, 48)] },
  {
    kind: 'short_trips',
    fields: [number('shortTrips', 2, 10), number('shortTripMinutes', 1, 15), number('shortTripMetres', 20, 2_000)],
  },
  { kind: 'not_moved', fields: [number('notMovedDays', 1, 90)] },
  { kind: 'brown_outs', fields: [number('brownOuts', 1, 20)] },
  { kind: 'restarts', fields: [number('restarts', 2, 50)] },
]

export const textsOf = (settings: AlarmSettings): Readonly<Record<NumberName, string>> =>
  Object.fromEntries(
    rules.flatMap(({ fields }) => fields.map(({ field }) => [field, String(settings[field])])),
  ) as Record<NumberName, string>

/** The settings that were typed; null: something is no number of its range. */
export function settingsIn(
  texts: Readonly<Record<NumberName, string>>,
  off: readonly AlarmKind[],
): AlarmSettings | null {
  const values = new Map<NumberName, number>()
  for (const { field, least, most } of rules.flatMap(({ fields }) => fields)) {
    const value = Number(texts[field])
    if (texts[field] === '' || !Number.isInteger(value) || value < least || value > most) return null
    values.set(field, value)
  }
  return { ...(Object.fromEntries(values) as Record<NumberName, number>), off: [...off] }
}
