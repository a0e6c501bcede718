import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxInflatedBytes, maxPayloadBytes } from '../../contracts/mqtt/reports.ts'
import { readTelemetry } from './telemetry-message.ts'

const record = (q: number) => ({
  q,
  u: q * 15_000,
  t: 1_750_000_000_000 + q,
  tq: 2,
  la: 52.1,
  lo: 5.1,
  soc: 80,
  bolt: 'locked',
})
const records = (count: number) => Array.from({ length: count }, (_, q) => record(q))
const bytes = (message: object) => Buffer.from(JSON.stringify(message))
const batch = (inflated: string | Buffer, more: object = {}) =>
  bytes({ v: 1, b: 7, bf: 1, z: 1, d: deflateRawSync(inflated).toString('base64'), ...more })
const whyOf = (payload: Uint8Array) => {
  const read = readTelemetry(payload)
  return read.ok ? 'it was read' : read.why
}

describe('a batch of telemetry', () => {
  it('says the same deflated as raw', () => {
    const raw = { v: 1, b: 7, bf: 1, r: records(50) }
    expect(readTelemetry(batch(JSON.stringify(raw.r)))).toEqual({ ok: true, value: raw })
    expect(readTelemetry(bytes(raw))).toEqual({ ok: true, value: raw })
  })

  it('that is raw may say something new under the name z', () => {
    expect(readTelemetry(bytes({ v: 1, b: 7, z: 2, r: records(1) }))).toMatchObject({ ok: true, value: { b: 7 } })
  })

  it.each([
    ['a bomb', batch(Buffer.alloc(40 * maxInflatedBytes, 32)), /not inflated/],
    ['one byte too many', batch(JSON.stringify(records(1)).padEnd(maxInflatedBytes + 1)), /not inflated/],
    ['bytes after its end', bytes({ v: 1, b: 7, z: 1, d: trailing(JSON.stringify(records(5))) }), /after the end/],
    ['a missing end', bytes({ v: 1, b: 7, z: 1, d: truncated(JSON.stringify(records(5))) }), /not inflated/],
    ['no base64', batch('', { d: 'a-_b' }), /\/d/],
    ['base64 that ends in the middle of a byte', batch('', { d: 'abcde' }), /no base64/],
    ['base64 with a bit too many', batch('', { d: 'AB==' }), /no base64/],
    ['no bytes', batch('', { d: '' }), /\/d/],
    ['no JSON', batch('records'), /not JSON/],
    ['half a character', batch(Buffer.from([0x5b, 0x22, 0xc3, 0x22, 0x5d])), /not JSON/],
    ['no records', batch('[]'), /inflated/],
    ['51 records', batch(JSON.stringify(records(51))), /inflated/],
    ['a latitude of 99', batch(JSON.stringify([...records(3), { ...record(4), la: 99 }])), /\/3\/la/],
    ['an object', batch(JSON.stringify({ r: records(3) })), /inflated/],
    ['an unknown compression', bytes({ v: 1, b: 7, z: 2, d: deflateRawSync('[]').toString('base64') }), /./],
    ['more than a message may have', batch('', { d: 'A'.repeat(maxPayloadBytes) }), /payload over/],
  ])('with %s is refused', (_, payload, why) => {
    expect(whyOf(payload)).toMatch(why)
  })

  it('is read or refused, whatever comes, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, isDeflated) => {
        const d = isDeflated ? deflateRawSync(noise).toString('base64') : Buffer.from(noise).toString('base64')
        expect(readTelemetry(bytes({ v: 1, b: 7, z: 1, d })).ok).toBe(false)
      }),
    )
  })
})

function trailing(text: string): string {
  return Buffer.concat([deflateRawSync(text), Buffer.from('rubbish')]).toString('base64')
}
function truncated(text: string): string {
  return deflateRawSync(text).subarray(0, -3).toString('base64')
}
