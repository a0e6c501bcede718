import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { lockTopics } from './asyncapi.ts'
import * as commands from './commands.ts'
import * as reports from './reports.ts'

const folder = new URL('./examples/', import.meta.url)
const messages = lockTopics.flatMap((topic) => topic.messages)
/** Part of `Telemetry`; never a message of its own. */
const parts: readonly string[] = ['TelemetryRecord']

describe('every message has a committed example', () => {
  const exported: Readonly<Record<string, unknown>> = { ...reports, ...commands }
  const wholes = Object.entries(exported).filter(
    (entry): entry is [string, TSchema] => Type.IsObject(entry[1]) && !parts.includes(entry[0]),
  )
  it.each(wholes)('%s', (_name, schema) => {
    expect(messages.map((message) => message.schema)).toContain(schema)
  })

  it('and every example belongs to a message', () => {
    const named = messages.map(({ name }) => `${name}.json`).sort()
    expect(readdirSync(folder).sort()).toEqual(named)
  })

  it.each(messages)(
    '$name fits its schema and says nothing that the schema does not know',
    ({ name, schema, example }) => {
      const committed: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
      expect(example).toEqual(committed)
      expect([...Compile(schema).Errors(example)]).toEqual([])
      expect(Value.Clean(schema, structuredClone(example))).toEqual(example)
    },
  )
})

describe('the page about locks', () => {
  const page = readFileSync(new URL('../../docs/locks.md', import.meta.url), 'utf8')

  it('shows the examples as they are committed', () => {
    const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text ?? '') as unknown)
    for (const { name, example } of messages) {
      expect(shown, name).toContainEqual(example)
    }
  })

  it('shows the signature of the example command as it comes out', () => {
    const key = /key `([0-9a-f]{64})`/.exec(page)?.[1] ?? ''
    const lockId = /lock `([a-z0-9-]+)`/.exec(page)?.[1] ?? ''
    const command = messages.find(({ name }) => name === 'cmd')?.example as commands.Command
    const text = commands.commandToSign(lockId, command)
    const mac = createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest().subarray(0, 16)
    expect(mac.toString('base64url')).toBe(command.m)
    expect(page).toContain(`\`\`\`text\n${text}\n\`\`\``)
  })
})
