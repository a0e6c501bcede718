import published from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' }
import Type from 'typebox'
import * as Schema from 'typebox/schema'
import { expect, it } from 'vitest'
import { asyncApiDocument, lockTopics } from '../../contracts/mqtt/asyncapi.ts'
import { mqttPage, mqttPagePolicy } from './mqtt-page.ts'
import { fieldsOf } from './schema-fields.ts'

const page = mqttPage()

it('names every topic and message, with each of its fields', () => {
  for (const { name, address, messages } of lockTopics) {
    expect(page).toContain(`<h2 id="${name}">`)
    expect(page).toContain(`<code>${address}</code>`)
    for (const message of messages) {
      expect(page).toContain(`<h3 id="m-${message.name}">`)
      const names = fieldsOf(message.schema).map((field) => field.name)
      for (const key of Object.keys(message.example))
        expect([message.name, names]).toEqual([message.name, expect.arrayContaining([key])])
    }
  }
})

it('leads nowhere but to itself and this server, and loads nothing', () => {
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)
  expect(links.length).toBeGreaterThan(20)
  for (const link of links) expect(link.startsWith('#') ? ids.has(link.slice(1)) : link.startsWith('/docs')).toBe(true)
  expect(page).not.toMatch(/<script|<link|<img|src=|style="|https?:/)
  expect(mqttPagePolicy).toMatch(/^default-src 'none'; style-src 'sha256-/)
})

it('tells ranges, words and what is inside of lists', () => {
  const schema = Type.Object({
    n: Type.Integer({ minimum: 1, maximum: 9, description: 'a number' }),
    w: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    r: Type.Array(Type.Object({ q: Type.Number({ minimum: 0 }) }), { maxItems: 50 }),
  })
  expect(fieldsOf(schema)).toEqual([
    { name: 'n', type: 'integer', isRequired: true, values: '1 to 9', description: 'a number' },
    { name: 'w', type: 'string', isRequired: false, values: 'a, b', description: '' },
    { name: 'r', type: 'list of object', isRequired: true, values: 'at most 50 items', description: '' },
    { name: 'r[].q', type: 'number', isRequired: true, values: 'at least 0', description: '' },
  ])
})

it('is the page of a document that fits the schema of AsyncAPI, and would not if it were wrong', () => {
  const committed = JSON.parse(JSON.stringify(asyncApiDocument())) as Record<string, unknown>
  const fits = (document: unknown) => Schema.Check(published as Schema.XSchema, document)
  expect(fits(committed)).toBe(true)
  const broken: Readonly<Record<string, unknown>>[] = [
    { asyncapi: '2.0.0' },
    { info: { title: 'no version' } },
    { operations: { 'send-cmd': { action: 'shout', channel: { $ref: '#/channels/cmd' } } } },
    { components: { securitySchemes: { lock: { type: 'handshake' } } } },
    { servers: { broker: { host: '127.0.0.1:1883' } } },
    { channels: { cmd: { address: 7 } } },
    { nobodyKnowsThis: true },
  ]
  for (const wrong of broken) expect([wrong, fits({ ...committed, ...wrong })]).toEqual([wrong, false])
})
