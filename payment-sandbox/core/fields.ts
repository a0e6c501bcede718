import { fenFromYuan } from './money.ts'

/** How one field of `biz_content` must look. Lists and objects are taken as they are, their size is bounded by the shell. */
export interface FieldRule {
  readonly required?: true
  readonly kind?: 'text' | 'number' | 'price' | 'json-text' | 'timeout' | 'list' | 'object'
  readonly maxLength?: number
  readonly oneOf?: readonly string[]
}

export type FieldsResult =
  | { readonly ok: true; readonly text: (name: string) => string; readonly fen: (name: string) => number }
  | { readonly ok: false; readonly field: string; readonly problem: 'missing' | 'unknown' | 'malformed' }

const defaultMaxLength = 256

/**
 * Checks `biz_content` against the documented fields of its method: required ones are present, every value has the
 * documented type and length, and nothing unknown is there. `text` gives '' for an absent field, `fen` an amount.
 */
export function readFields(
  rules: Readonly<Record<string, FieldRule>>,
  biz: Readonly<Record<string, unknown>>,
): FieldsResult {
  for (const field of Object.keys(biz)) {
    if (!Object.hasOwn(rules, field)) return { ok: false, field, problem: 'unknown' }
  }
  for (const [field, rule] of Object.entries(rules)) {
    const value = biz[field]
    if (value === undefined || value === '') {
      if (rule.required === true) return { ok: false, field, problem: 'missing' }
    } else if (!fits(rule, value)) {
      return { ok: false, field, problem: 'malformed' }
    }
  }
  const text = (name: string): string => {
    const value = biz[name]
    return typeof value === 'string' ? value : ''
  }
  return { ok: true, text, fen: (name) => fenFromYuan(text(name)) ?? 0 }
}

/** A canonical text of a request: the same parameters give the same text, whatever their order. */
export function fingerprintOf(biz: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(sorted(biz))
}

/** Reads `timeout_express`: `90m`, `2h`, `15d`; `1m` to `15d`. In milliseconds. */
export function timeoutMs(text: string): number | undefined {
  const match = /^([1-9]\d{0,4})([mhd])$/.exec(text)
  if (match === null) return undefined
  const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 'm' | 'h' | 'd']
  const ms = Number(match[1]) * unitMs
  return ms <= 15 * 86_400_000 ? ms : undefined
}

function fits(rule: FieldRule, value: unknown): boolean {
  switch (rule.kind ?? 'text') {
    case 'list':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'text':
      return isText(rule, value)
    case 'number':
      // Merchant numbers: letters, digits, underscore and hyphen.
      return isText({ ...rule, maxLength: 64 }, value) && /^[\w-]+$/.test(String(value))
    case 'price':
      return typeof value === 'string' && fenFromYuan(value) !== undefined
    case 'timeout':
      return typeof value === 'string' && timeoutMs(value) !== undefined
    case 'json-text':
      return isText(rule, value) && isObjectText(String(value))
  }
}

function isText(rule: FieldRule, value: unknown): boolean {
  if (typeof value !== 'string' || value.length > (rule.maxLength ?? defaultMaxLength)) return false
  return rule.oneOf === undefined || rule.oneOf.includes(value)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isObjectText(text: string): boolean {
  try {
    return isObject(JSON.parse(text))
  } catch {
    return false
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
