import fc from 'fast-check'
import mqtt, { type Packet } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { createPacketCutter } from './packet-cutter.ts'

const payloads = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 12 })
const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 })
const topic = 'bss/v1/dn/lock-1/cmd'
const fixed = { cmd: 'publish', qos: 1, dup: false, retain: false, topic } as const

describe('what arrives on a socket', () => {
  it('is the same packets, however it was cut on its way', () => {
    fc.assert(
      fc.property(payloads, cuts, (sent, lengths) => {
        const bytes = Buffer.concat(
          sent.map((payload, index) =>
            mqtt.generate({ ...fixed, messageId: index + 1, payload: Buffer.from(payload) }),
          ),
        )
        const cutter = createPacketCutter()
        const shared = Buffer.alloc(300)
        const heard: { readonly id: number | undefined; readonly payload: string }[] = []
        const take = (packet: Packet) => {
          const payload = packet.cmd === 'publish' ? Buffer.from(packet.payload).toString('hex') : ''
          heard.push({ id: packet.messageId, payload })
        }
        for (let from = 0, turn = 0; from < bytes.length; turn++) {
          const length = Math.min(lengths[turn % lengths.length] ?? 1, bytes.length - from)
          // One buffer for all sockets: it is written over as soon as `cut` has returned.
          bytes.copy(shared, 0, from, from + length)
          cutter.cut(shared.subarray(0, length), take)
          shared.fill(0xff)
          from += length
        }
        expect(heard).toEqual(sent.map((payload, i) => ({ id: i + 1, payload: Buffer.from(payload).toString('hex') })))
      }),
    )
  })

  it.each([
    ['a length without end', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['more than a lock takes', [0x30, 0xff, 0xff, 0xff, 0x7f]],
    ['a packet that is none', [0x00, 0x00]],
  ])('is an error when it is %s', (_, bytes) => {
    expect(() => createPacketCutter().cut(Buffer.from(bytes), () => undefined)).toThrow()
  })
})
