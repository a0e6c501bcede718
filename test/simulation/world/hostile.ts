import type { LockId } from '../../../contracts/ids.ts'
import { maxPayloadBytes } from '../../../contracts/mqtt/reports.ts'
import { presenceTopic, uplinkTopic } from '../../../contracts/mqtt/topics.ts'
import type { Random } from '../../../contracts/random.ts'

export const hostileTopics = (lockId: LockId): readonly string[] => [
  ...(['hello', 'evt', 'tel', 'ack', 'ota', 'log'] as const).map((kind) => uplinkTopic(lockId, kind)),
  presenceTopic(lockId),
]

/** No words of a lock: what is nearly one, what is none at all, and what a decoder could choke on. */
export function hostileMessage(random: Random): Uint8Array {
  switch (random.integer(0, 6)) {
    case 0:
      return Uint8Array.from({ length: random.integer(0, 400) }, () => random.integer(0, 255))
    case 1:
      return text('['.repeat(maxPayloadBytes - 1))
    case 2:
      return text('{"v":1,"b":1e999,"q":-1,"u":-5,"t":0,"tq":9,"k":"bolt","to":"unlocked"}')
    case 3:
      return text('{"v":1,"b":4294967296,"r":[{}]}')
    case 4:
      return text(`{"v":1,"b":1,"__proto__":{"k":"bolt"},"q":${'9'.repeat(400)}}`)
    case 5:
      return text('{"v":2,"on":1,"sid":"zzzz"}')
    default:
      return text('\u0000')
  }
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words)
