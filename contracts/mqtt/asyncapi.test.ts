import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { asyncApiDocument } from './asyncapi.ts'

interface Reference {
  readonly $ref: string
}
interface Document {
  readonly asyncapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly channels: Readonly<Record<string, { address: string; messages: Record<string, Reference> }>>
  readonly operations: Readonly<Record<string, { action: string; channel: Reference; messages: Reference[] }>>
}
const committed = JSON.parse(
  readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8'),
) as Readonly<Document>

/** What a local reference points at; undefined when there is nothing. */
function pointedAt({ $ref }: Reference): unknown {
  return $ref
    .split('/')
    .slice(1)
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], committed)
}

function referencesIn(part: unknown): Reference[] {
  if (typeof part !== 'object' || part === null) return []
  if ('$ref' in part) return [part as Reference]
  return Object.values(part).flatMap(referencesIn)
}

describe('docs/asyncapi.json', () => {
  it('is what the schemas say now (else: node --import tsx scripts/write-asyncapi.ts)', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())))
  })

  it('is an AsyncAPI 3.0 document: version, info, and every reference leads somewhere', () => {
    expect(committed.asyncapi).toBe('3.0.0')
    expect(committed.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
    const references = referencesIn(committed)
    expect(references.length).toBeGreaterThan(20)
    for (const reference of references) expect(pointedAt(reference), reference.$ref).toBeTypeOf('object')
  })

  it('has every operation send or receive the messages of its own channel', () => {
    for (const { action, channel, messages } of Object.values(committed.operations)) {
      expect(['send', 'receive']).toContain(action)
      for (const message of messages) expect(message.$ref).toContain(`${channel.$ref}/messages/`)
    }
  })

  it('names the lock in every address', () => {
    for (const { address } of Object.values(committed.channels)) {
      expect(address).toMatch(/^bss\/v1\/(up|st|dn)\/\{lockId\}/)
    }
  })
})
