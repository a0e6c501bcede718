import { readdirSync, readFileSync } from 'node:fs'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'

const folder = new URL('./http/', import.meta.url)
const rooms = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))

/** A body, a query or a piece of one that is worth showing; single words and numbers are not. */
const isShown = (schema: unknown): schema is TSchema =>
  Type.IsObject(schema) || (Type.IsUnion(schema) && schema.anyOf.some((option) => Type.IsObject(option)))

describe.each(rooms)('the HTTP examples of %s', async (room) => {
  const module = (await import(new URL(`${room}.ts`, folder).href)) as Record<string, unknown>
  const schemas = Object.entries(module).filter((entry): entry is [string, TSchema] => isShown(entry[1]))
  const examples = JSON.parse(readFileSync(new URL(`examples/${room}.json`, folder), 'utf8')) as Record<string, unknown>

  it('are one for every schema, and no other', () => {
    expect(Object.keys(examples).sort()).toEqual(schemas.map(([name]) => name).sort())
  })

  it.each(schemas)('show a %s that fits its schema and says nothing else', (name, schema) => {
    const example = examples[name]
    expect([...Compile(schema).Errors(example)]).toEqual([])
    expect(Value.Clean(schema, structuredClone(example))).toEqual(example)
  })
})
