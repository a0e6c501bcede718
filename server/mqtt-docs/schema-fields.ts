/** The parts of a JSON schema that a reader of our messages needs. */
interface Shape {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly allOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly description?: string
}

/** One line of a table of fields. */
export interface Field {
  /** `r[].q`: q of each item of r. */
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  /** What it may be: a range, words, a pattern; empty where the type says all. */
  readonly values: string
  readonly description: string
}

/** Deeper than any message of ours. */
const deepest = 6

/** The fields of a message, outer ones first, each before its own. */
export function fieldsOf(schema: unknown): readonly Field[] {
  return fieldsIn(schema as Shape, '', 0)
}

function fieldsIn(shape: Shape, prefix: string, depth: number): readonly Field[] {
  if (depth > deepest) return []
  const parts = [shape, ...(shape.allOf ?? []), ...(shape.anyOf ?? [])]
  return parts.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([key, field]) => {
      const name = `${prefix}${key}`
      const own: Field = {
        name,
        type: typeOf(field),
        isRequired: required.includes(key),
        values: valuesOf(field),
        description: field.description ?? '',
      }
      const inner = field.items
      const below = inner ? fieldsIn(inner, `${name}[].`, depth + 1) : fieldsIn(field, `${name}.`, depth + 1)
      return [own, ...below]
    }),
  )
}

function typeOf(shape: Shape): string {
  if (shape.items) return `list of ${typeOf(shape.items)}`
  if (shape.const !== undefined) return typeof shape.const
  if (shape.enum) return [...new Set(shape.enum.map((one) => typeof one))].join(' or ')
  if (shape.anyOf) return [...new Set(shape.anyOf.map(typeOf))].join(' or ')
  return shape.type ?? 'anything'
}

function valuesOf(shape: Shape): string {
  if (shape.const !== undefined) return String(shape.const)
  if (shape.enum) return shape.enum.map(String).join(', ')
  if (shape.anyOf) return shape.anyOf.map(valuesOf).filter(Boolean).join(', ')
  if (shape.items)
    return [spanOf(shape.minItems, shape.maxItems, 'items'), valuesOf(shape.items)].filter(Boolean).join('; ')
  const span = spanOf(shape.minimum, shape.maximum, '') || spanOf(shape.minLength, shape.maxLength, 'characters')
  return [span, shape.pattern].filter(Boolean).join(', ')
}

function spanOf(least: number | undefined, most: number | undefined, unit: string): string {
  const words = unit === '' ? '' : ` ${unit}`
  if (least === undefined && most === undefined) return ''
  if (least === undefined) return `at most ${most}${words}`
  if (most === undefined) return `at least ${least}${words}`
  return `${least} to ${most}${words}`
}
