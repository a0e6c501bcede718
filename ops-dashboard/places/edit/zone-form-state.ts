import type { ZoneFeature, ZoneKind, ZoneProperties } from '../../../contracts/http/zones.ts'
import { type Drawing, geometryOf, ringsToFinish } from './drawing.ts'

/** What a person typed: numbers stay text until they are asked for. */
export interface ZoneForm {
  readonly kind: ZoneKind
  readonly name: string
  readonly capacity: string
  readonly minBikes: string
  readonly maxBikes: string
  readonly maxSpeedKmh: string
}

export const newForm = (kind: ZoneKind): ZoneForm => ({
  kind,
  name: '',
  capacity: kind === 'hotspot' ? '20' : '',
  minBikes: '',
  maxBikes: '',
  maxSpeedKmh: kind === 'slow' ? '12' : '',
})

const textOf = (value: number | undefined) => (value === undefined ? '' : String(value))
export const formOf = ({ properties }: Pick<ZoneFeature, 'properties'>): ZoneForm => ({
  kind: properties.kind,
  name: properties.name,
  capacity: textOf(properties.capacity),
  minBikes: textOf(properties.minBikes),
  maxBikes: textOf(properties.maxBikes),
  maxSpeedKmh: textOf(properties.maxSpeedKmh),
})

/** The ranges of contracts/http/zones.ts. */
export const ranges = {
  capacity: { least: 0, most: 500 },
  minBikes: { least: 0, most: 500 },
  maxBikes: { least: 0, most: 500 },
  maxSpeedKmh: { least: 3, most: 25 },
} as const
export const longestName = 80

export type FormFault =
  | { readonly field: 'name'; readonly why: 'missing' }
  | { readonly field: keyof typeof ranges; readonly why: 'missing' | 'range' | 'above_capacity' | 'least_above_most' }

/** Which numbers and words do not fit, in the order of the form. */
export function faultsOf(form: ZoneForm): readonly FormFault[] {
  const faults: FormFault[] = []
  if (form.name.trim() === '') faults.push({ field: 'name', why: 'missing' })
  for (const field of fieldsOf(form.kind)) {
    const value = numberOf(form[field])
    const { least, most } = ranges[field]
    const isNeeded = field === 'capacity' || field === 'maxSpeedKmh'
    if (value === null && isNeeded) faults.push({ field, why: 'missing' })
    else if (value !== null && !(Number.isInteger(value) && value >= least && value <= most)) {
      faults.push({ field, why: 'range' })
    }
  }
  if (faults.length > 0 || form.kind !== 'hotspot') return faults
  const [capacity, least, most] = [form.capacity, form.minBikes, form.maxBikes].map(numberOf)
  if (typeof most === 'number' && most > (capacity ?? 0)) faults.push({ field: 'maxBikes', why: 'above_capacity' })
  if (typeof least === 'number' && least > (most ?? capacity ?? 0)) {
    faults.push({ field: 'minBikes', why: 'least_above_most' })
  }
  return faults
}

export const fieldsOf = (kind: ZoneKind): readonly (keyof typeof ranges)[] =>
  kind === 'hotspot' ? ['capacity', 'minBikes', 'maxBikes'] : kind === 'slow' ? ['maxSpeedKmh'] : []

/** Null: nothing was said. Not a number: something that is none. */
const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))

/** What the server is asked about; null while something is missing without which it could not be drawn. */
export function featureFrom(form: ZoneForm, drawing: Drawing): ZoneFeature | null {
  const geometry = geometryOf(drawing)
  if (geometry === null || faultsOf({ ...form, name: 'x' }).length > 0) return null
  const said = (field: keyof typeof ranges) => {
    const value = fieldsOf(form.kind).includes(field) ? numberOf(form[field]) : null
    return value === null ? {} : { [field]: value }
  }
  const properties: ZoneProperties = {
    kind: form.kind,
    // While it has none, its shape can be looked at already.
    name: form.name.trim() === '' ? '…' : form.name.trim(),
    ...(drawing.kind === 'circle' ? { radiusM: drawing.radiusM } : {}),
    ...said('capacity'),
    ...said('minBikes'),
    ...said('maxBikes'),
    ...said('maxSpeedKmh'),
  }
  return { type: 'Feature', geometry, properties }
}

/** Nothing is missing: it can be saved when the server agrees. */
export const isWhole = (form: ZoneForm, drawing: Drawing): boolean =>
  faultsOf(form).length === 0 && ringsToFinish(drawing).length === 0 && geometryOf(drawing) !== null
