import { deflateRawSync } from 'node:zlib'
import { generate, type Packet } from 'mqtt-packet'
import { asId, type LockId } from '../contracts/ids.ts'
import { encodeMessage } from '../contracts/mqtt/codec.ts'
import { downlinkFilter, downlinkTopic, presenceTopic, uplinkTopic } from '../contracts/mqtt/topics.ts'

/** What somebody bad may send a broker of locks. Bytes only: how they travel is in hostile-sockets.ts. */

export interface Attacker {
  readonly lockId: LockId
  readonly password: string
}
/** Bytes that need a connection of their own, as its first ones. */
export interface FirstBytes {
  readonly name: string
  readonly bytes: (who: Attacker, index: number) => Buffer
  /** Counters of the broker, of which one grows for each of them. */
  readonly counted: readonly string[]
}
/** What a lock whose password is known to the attacker says after it was let in. */
export type Said = FirstBytes & {
  /** The broker answers with a PUBACK, a SUBACK, or by closing the connection. */
  readonly answer: 'puback' | 'suback' | 'close'
}

const other = asId<LockId>('hostile-nobody')
const bytesOf = (packet: Packet): Buffer => generate(packet)

export function connectBytes({ lockId, password }: Attacker, over: object = {}): Buffer {
  // The longest that the broker allows: a voice may be silent while others have their turn.
  const packet = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 600 }
  return bytesOf({ ...packet, clientId: lockId, username: lockId, password: Buffer.from(password), ...over } as Packet)
}

export function publishBytes(topic: string, payload: string | Buffer, index: number, over: object = {}): Buffer {
  const messageId = (index % 65_000) + 1
  return bytesOf({ cmd: 'publish', topic, payload, qos: 1, messageId, retain: false, dup: false, ...over } as Packet)
}

const subscribeBytes = (topic: string, index: number): Buffer =>
  bytesOf({ cmd: 'subscribe', messageId: (index % 65_000) + 1, subscriptions: [{ topic, qos: 1 }] } as Packet)

const will = (topic: string) => ({ will: { topic, payload: Buffer.from('{}'), qos: 1, retain: true } })
const noise = (index: number): Buffer =>
  Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 37 + index * 101 + ((index * i) >> 3)) & 0xff))
const shed = ['shed'] as const

/** Before anybody is let in. */
export const atTheDoor: readonly FirstBytes[] = [
  {
    name: 'no MQTT at all',
    bytes: (_, i) => Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n\r\n'), noise(i)]),
    counted: ['malformed', 'oversize'],
  },
  { name: 'reserved packet type', bytes: () => Buffer.from([0xf0, 0x00]), counted: ['malformed'] },
  {
    name: 'endless length',
    bytes: () => Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    counted: ['malformed', 'oversize'],
  },
  {
    name: 'CONNECT of another protocol',
    bytes: () => Buffer.from('\x10\x0c\x00\x04NOPE\x04\x02\x00\x3c\x00\x00', 'latin1'),
    counted: ['malformed'],
  },
  {
    name: 'PUBLISH before CONNECT',
    bytes: ({ lockId }, i) => publishBytes(uplinkTopic(lockId, 'evt'), '{}', i),
    counted: ['malformed'],
  },
  {
    name: 'wrong password',
    bytes: (who, i) => connectBytes({ ...who, password: `guess ${i}` }),
    counted: ['wrong_password', ...shed],
  },
  {
    name: 'lock that does not exist',
    bytes: (who, i) => connectBytes({ ...who, lockId: asId<LockId>(`nobody-${i}`) }),
    counted: ['wrong_password', ...shed],
  },
  {
    name: 'client id of another lock',
    bytes: (who) => connectBytes(who, { clientId: other }),
    counted: ['wrong_password', ...shed],
  },
  {
    name: 'will on a foreign topic',
    bytes: (who) => connectBytes(who, will(presenceTopic(other))),
    counted: ['forbidden_topic', ...shed],
  },
  {
    name: 'will on a command topic',
    bytes: (who) => connectBytes(who, will(downlinkTopic(who.lockId, 'cmd'))),
    counted: ['forbidden_topic', ...shed],
  },
  {
    name: 'half a CONNECT of 64 MiB',
    bytes: (who) => Buffer.concat([Buffer.from([0x10, 0x80, 0x80, 0x80, 0x20]), connectBytes(who).subarray(2, 9)]),
    counted: ['oversize'],
  },
]

/** By a lock whose password was stolen; the broker closes the connection. */
export const closing: readonly Said[] = [
  {
    name: '64 MiB announced',
    bytes: () => Buffer.from([0x32, 0x80, 0x80, 0x80, 0x20, 0x00, 0x05]),
    counted: ['oversize'],
    answer: 'close',
  },
  {
    name: 'payload over 8 KiB',
    bytes: ({ lockId }, i) => publishBytes(uplinkTopic(lockId, 'tel'), 'x'.repeat(8_200), i),
    counted: ['oversize'],
    answer: 'close',
  },
  {
    name: 'foreign topic',
    bytes: (_, i) => publishBytes(uplinkTopic(other, 'evt'), '{}', i),
    counted: ['forbidden_topic'],
    answer: 'close',
  },
  {
    name: 'command topic',
    bytes: ({ lockId }, i) => publishBytes(downlinkTopic(lockId, 'cmd'), '{}', i),
    counted: ['forbidden_topic'],
    answer: 'close',
  },
  {
    name: '$SYS topic',
    bytes: (_, i) => publishBytes('$SYS/x/heartbeat', '{}', i),
    counted: ['forbidden_topic'],
    answer: 'close',
  },
  {
    name: 'QoS 2',
    bytes: ({ lockId }, i) => publishBytes(uplinkTopic(lockId, 'evt'), '{}', i, { qos: 2 }),
    counted: ['forbidden_topic'],
    answer: 'close',
  },
  {
    name: 'reserved packet type, let in',
    bytes: () => Buffer.from([0xf0, 0x00]),
    counted: ['malformed'],
    answer: 'close',
  },
]

/** It is told no, and stays. */
export const filters: readonly Said[] = [
  '#',
  '+/+/+/+/+',
  '$SYS/#',
  'bss/v1/dn/+/cmd',
  'bss/v1/up/#',
  downlinkFilter(other),
].map((filter) => ({
  name: `subscribe ${filter}`,
  bytes: (_, i) => subscribeBytes(filter, i),
  counted: ['forbidden_filter'],
  answer: 'suback',
}))

const said = (
  name: string,
  kind: Parameters<typeof uplinkTopic>[1],
  payload: (index: number) => string | Buffer,
): Said => ({
  ...{ name, counted: ['unreadable'], answer: 'puback' },
  bytes: ({ lockId }, i) => publishBytes(uplinkTopic(lockId, kind), payload(i), i),
})

/** 5 MB of zeros in some kilobytes; and one that never ends its last block. */
const bomb = deflateRawSync(Buffer.alloc(5_000_000)).toString('base64')
const header = { v: 1, b: 7, u: 1_000, t: 0, tq: 0 }
const deep = `{"v":1,"b":7,"r":${'['.repeat(4_000)}${']'.repeat(4_000)}}`
/** Within what a batch may hold inflated. */
const deeper = deflateRawSync('['.repeat(32_000) + ']'.repeat(32_000)).toString('base64')

/** Let in, on its own topics, and not to be read: acknowledged, counted, dropped. */
export const unreadable: readonly Said[] = [
  said('not JSON', 'evt', noise),
  said('deep JSON', 'tel', () => deep),
  said('deep JSON, deflated', 'tel', () => encodeMessage({ v: 1, b: 7, z: 1, d: deeper })),
  said('forged field __proto__', 'ack', () => '{"__proto__":{"st":"done"},"constructor":{"prototype":{"ok":1}}}'),
  said('numbers out of range', 'tel', (i) => encodeMessage({ v: 1, b: 2 ** 40 + i, r: [{ q: -1, u: -1 }] })),
  said('deflate bomb', 'tel', () => encodeMessage({ v: 1, b: 7, z: 1, d: bomb })),
  said('broken deflate', 'tel', (i) => encodeMessage({ v: 1, b: 7, z: 1, d: noise(i).toString('base64') })),
  said('a command sent back as an ack', 'ack', (i) =>
    encodeMessage({ ...header, q: i, id: 'c1', c: 1, st: 'perhaps', rc: 'ok' }),
  ),
  said('a channel that is not kept', 'log', () => 'x'),
  said('firmware job of nobody', 'ota', () => '{}'),
  {
    ...said('presence of nonsense', 'evt', () => ''),
    bytes: ({ lockId }, i) => publishBytes(presenceTopic(lockId), '{"on":7}', i, { retain: true }),
  },
]

/** Said once before, then again and again in the same bytes. */
export const replayed: Said = {
  ...{ name: 'a word that was said already', counted: ['stored'], answer: 'puback' },
  bytes: ({ lockId }, i) =>
    publishBytes(
      uplinkTopic(lockId, 'evt'),
      encodeMessage({ ...header, q: 5, k: 'boot', rr: 'power', pend: null }),
      i,
      { dup: true },
    ),
}
