import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asId, type LockId, lockIdPattern } from '../ids.ts'
import { downlinkFilter, downlinkTopic, parseTopic, presenceTopic, type UplinkKind, uplinkTopic } from './topics.ts'

const lockIds = fc.stringMatching(new RegExp(lockIdPattern)).map((text) => asId<LockId>(text))
const kinds = fc.constantFrom<UplinkKind>('hello', 'evt', 'tel', 'ack', 'ota', 'log')

describe('a topic', () => {
  it('is parsed into what it was made of', () => {
    fc.assert(
      fc.property(lockIds, kinds, (lockId, uplink) => {
        expect(parseTopic(uplinkTopic(lockId, uplink))).toEqual({ kind: 'uplink', lockId, uplink })
        expect(parseTopic(presenceTopic(lockId))).toEqual({ kind: 'presence', lockId })
      }),
    )
  })

  it('that the platform sends to is none that a lock may publish to', () => {
    fc.assert(
      fc.property(lockIds, (lockId) => {
        expect(parseTopic(downlinkTopic(lockId, 'cmd'))).toBeNull()
        expect(parseTopic(downlinkFilter(lockId))).toBeNull()
      }),
    )
  })

  it.each([
    '',
    '/',
    '#',
    '+/+/up/+/evt',
    '$SYS/broker/uptime',
    'bss/v1/up/lock-1/evt/more',
    'bss/v1/up/lock-1',
    'bss/v1/up/+/evt',
    'bss/v1/up/lock-1/#',
    'bss/v1/up/LOCK-01/evt',
    'bss/v1/up/abc/evt',
    `bss/v1/up/${'a'.repeat(33)}/evt`,
    'bss/v2/up/lock-1/evt',
    'bss/v1/up/lock-1/cmd',
    'bss/v1/st/lock-1/evt',
    'bss/v1/up/lock-1\n/evt',
  ])('"%s" is nobody’s', (topic) => {
    expect(parseTopic(topic)).toBeNull()
  })

  it('is parsed or refused, never thrown at', () => {
    fc.assert(fc.property(fc.string(), (topic) => void parseTopic(topic)))
  })
})
