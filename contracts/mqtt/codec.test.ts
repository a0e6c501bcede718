import fc, { type Arbitrary } from 'fast-check'
import type { TSchema } from 'typebox'
import { describe, expect, it } from 'vitest'
import { lockTopics } from './asyncapi.ts'
import {
  type Decode,
  decodeAcknowledgement,
  decodeCommand,
  decodeConfig,
  decodeDeflatedTelemetry,
  decodeEvent,
  decodeHello,
  decodePresence,
  decodeSync,
  decodeTelemetry,
  encodeMessage,
} from './codec.ts'
import { maxPayloadBytes } from './reports.ts'

const decoderOf: Readonly<Record<string, Decode<unknown>>> = {
  hello: decodeHello,
  evt: decodeEvent,
  tel: decodeTelemetry,
  ack: decodeAcknowledgement,
  presence: decodePresence,
  'tel-deflated': decodeDeflatedTelemetry,
  cmd: decodeCommand,
  cfg: decodeConfig,
  sync: decodeSync,
}
const decoders = Object.entries(decoderOf)
const messages = lockTopics.flatMap(({ name: topic, messages }) =>
  messages.map(({ name, schema, example }) => ({ name, topic: name in decoderOf ? name : topic, schema, example })),
)
const bytes = (text: string) => new TextEncoder().encode(text)
const decode = (topic: string, message: object) => decoderOf[topic]?.(bytes(encodeMessage(message)))

/** The parts of JSON Schema that our messages use. */
interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}
const parts = (schema: TSchema) => schema as Schema
/** More elements than this, and a message could pass `maxPayloadBytes`. */
const mostElements = 8

/** Any value that a schema allows, its bounds among them. */
function anyOf(schema: Schema): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(anyOf))
  const { minimum: min = -1e9, maximum: max = 1e9 } = schema
  switch (schema.type) {
    case 'integer':
      return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
    case 'number':
      return fc.double({ min, max, noNaN: true }).map((value) => value + 0)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string': {
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern))
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: schema.maxLength ?? 32, unit: 'grapheme-ascii' })
    }
    case 'array':
      return fc.array(anyOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? mostElements, mostElements),
      })
    case 'object': {
      const open = Object.values(schema.patternProperties ?? {})[0]
      if (open) return fc.dictionary(fc.string({ maxLength: 8 }), anyOf(open), { maxKeys: 4, noNullPrototype: true })
      const fields = Object.entries(schema.properties ?? {}).map(([key, field]) => [key, anyOf(field)] as const)
      const requiredKeys = [...(schema.required ?? [])]
      return fc.record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true })
    }
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`)
  }
}

type Path = readonly (string | number)[]

/** Every number of a message, where it stands and what it may be. */
function numbersIn(schema: Schema, path: Path = []): readonly { path: Path; min: number; max: number }[] {
  const { type, minimum, maximum } = schema
  if (schema.const !== undefined) return []
  if (type === 'integer' || type === 'number') return [{ path, min: minimum ?? Number.NaN, max: maximum ?? Number.NaN }]
  if (type === 'array') return numbersIn(schema.items ?? {}, [...path, 0])
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => numbersIn(field, [...path, key]))
}

/** A copy with another value at `path`; objects on the way are made when they are missing. */
function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const copy = Array.isArray(whole) ? [...(whole as unknown[])] : { ...(whole as object) }
  const fields = copy as Record<string | number, unknown>
  fields[key] = withValue(fields[key], rest, value)
  return copy
}

describe.each(messages)('$name', ({ topic, schema, example }) => {
  it('comes back from its bytes as it went in', () => {
    fc.assert(
      fc.property(anyOf(parts(schema)), (message) => {
        expect(decode(topic, message as object)).toEqual({ ok: true, value: message })
      }),
    )
  })

  it('is refused without any one of its required fields', () => {
    for (const key of parts(schema).required ?? []) {
      const { [key]: _, ...rest } = example as Record<string, unknown>
      expect(decode(topic, rest), key).toMatchObject({ ok: false })
    }
  })

  it('has a range for every number, and is refused outside of it', () => {
    const numbers = numbersIn(parts(schema))
    for (const { path, min, max } of numbers) {
      expect(Number.isFinite(min) && Number.isFinite(max), path.join('.')).toBe(true)
      for (const value of [min - 1, max === Number.MAX_SAFE_INTEGER ? max * 4 : max + 1, '7', null]) {
        const wrong = withValue(example, path, value) as object
        expect(decode(topic, wrong), `${path.join('.')} = ${String(value)}`).toMatchObject({ ok: false })
      }
    }
  })

  it('may say more than this version knows', () => {
    const newer = { ...example, brandNew: { any: 'thing' } }
    expect(decode(topic, newer)).toMatchObject({ ok: true })
  })

  it('may speak of brackets, but not pile them up', () => {
    const spoken = { ...example, brandNew: `"\\"${'[{'.repeat(100)}` }
    expect(decode(topic, spoken)).toMatchObject({ ok: true })
    const piled = { ...example, brandNew: JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown }
    expect(decode(topic, piled)).toEqual({ ok: false, why: 'nested deeper than 16' })
  })
})

describe.each(decoders)('the decoder of %s', (_name, decoder) => {
  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
        expect(decoder(payload).ok).toBe(false)
      }),
    )
  })

  it('never throws, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(decoder(bytes(text))).toMatchObject({ ok: false, why: expect.any(String) })
      }),
    )
  })

  it('does not read what is longer than a payload may be, nor broken UTF-8', () => {
    expect(decoder(bytes(' '.repeat(maxPayloadBytes + 1)))).toEqual({ ok: false, why: 'payload over 8192 bytes' })
    expect(decoder(Uint8Array.of(0x7b, 0xff, 0x7d))).toMatchObject({ ok: false })
  })

  it('is not led astray by deep nesting or a prototype', () => {
    const why = 'nested deeper than 16'
    expect(decoder(bytes('['.repeat(4_000) + ']'.repeat(4_000)))).toEqual({ ok: false, why })
    expect(decoder(bytes('{"v":"\\\\","b":'.repeat(400)))).toEqual({ ok: false, why })
    decoder(bytes('{"__proto__":{"polluted":1}}'))
    expect({}).not.toHaveProperty('polluted')
  })
})
